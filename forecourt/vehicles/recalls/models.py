"""Recalls as they were loaded last. No VIN is in any column: a car of ours that was mended is known by a keyed digest."""

from django.db import models


class Loading(models.Model):
    """One load; the newest tells how old the data is. `as_of` is the day of the data, `newest` that of its newest entry."""

    source = models.CharField(max_length=200)
    is_pack = models.BooleanField(help_text="The brand pack's own list.")
    digest = models.CharField(max_length=64)
    as_of = models.DateField()
    newest = models.DateField(null=True)
    lines = models.PositiveIntegerField()
    ours = models.PositiveIntegerField()
    bad = models.PositiveIntegerField()
    at = models.DateTimeField()


class Campaign(models.Model):
    """A recall of cars of ours."""

    number = models.CharField(primary_key=True, max_length=12)
    makers_number = models.CharField(max_length=100)
    component = models.TextField()
    units = models.PositiveIntegerField(null=True)
    reported = models.DateField(null=True)
    defect = models.TextField()
    risk = models.TextField()
    remedy = models.TextField()
    notes = models.TextField()
    do_not_drive = models.BooleanField()
    park_outside = models.BooleanField()


class Affected(models.Model):
    """A model and model year that a campaign is about; without a year, every year of it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="affected")
    model = models.CharField(max_length=256)
    year = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "model", "year"], nulls_distinct=False, name="affected_once")
        ]
        indexes = [models.Index(fields=["model", "year"], name="affected_by_model")]


class Repair(models.Model):
    """A recall that was carried out on a car, both as the brand pack names them."""

    campaign = models.CharField(max_length=12)
    car = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["car", "campaign"], name="mended_once")]


class FirstDay(models.Model):
    """When a car was first sold or leased."""

    car = models.BinaryField(primary_key=True, max_length=32)
    day = models.DateField()
