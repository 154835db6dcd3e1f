"""Cars that stand at dealers. What the brand pack names no longer is gone, and its row stays: a link to it still has an answer."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from forecourt.dealers.models import Dealer


class Condition(models.TextChoices):
    NEW = "new", "New"
    CERTIFIED = "certified", "Certified pre-owned"


class Basis(models.TextChoices):
    """Who named the price. Either way the delivery charge is in it; tax, title and registration are not."""

    SUGGESTED = "suggested", "Suggested price"
    DEALER = "dealer", "The dealer’s own price"


class Result(models.TextChoices):
    """Of an inspection. A car that fails one is not certified, so there is no word for it."""

    PASSED = "passed", "Passed"
    REPAIRED = "repaired", "Passed after repairs"


class Car(models.Model):
    """`slug` is its address, made of the VIN once and for all. `trim`, `paint` and `options` are the line's own words."""

    vin = models.CharField(primary_key=True, max_length=17)
    slug = models.CharField(max_length=10, unique=True)
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="cars")
    line = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    condition = models.CharField(max_length=9, choices=Condition)
    mileage = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=9, decimal_places=2)
    basis = models.CharField(max_length=9, choices=Basis)
    since = models.DateField(help_text="The day on which it came to the dealer.")
    trim = models.CharField(max_length=60)
    paint = models.CharField(max_length=60)
    options = ArrayField(models.CharField(max_length=60))
    inspected = models.DateField(null=True)
    result = models.CharField(max_length=8, choices=Result, null=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="car_has_a_price", condition=Q(price__gt=0)),
            models.CheckConstraint(name="vin_has_17", condition=Q(vin__regex="^[A-HJ-NPR-Z0-9]{17}$")),
            models.CheckConstraint(
                name="certified_is_inspected",
                condition=Q(condition="certified", inspected__isnull=False, result__isnull=False)
                | Q(condition="new", inspected__isnull=True, result__isnull=True),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("stock:car", args=[self.slug])


class Loading(models.Model):
    """The pack's stock was loaded. The newest row tells every process whether what it keeps in memory still holds."""

    digest = models.CharField(max_length=64, help_text="Of the files that it was loaded from.")
    cars = models.IntegerField()
    at = models.DateTimeField()
