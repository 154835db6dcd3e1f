"""Figures without people: what a beacon may note, and how often tags were allowed or refused."""

from django.db import models


class View(models.Model):
    """One page or email that was opened by somebody who allowed it to be counted. These columns and no more."""

    kind = models.CharField(max_length=64, help_text="Of page or email: model, or test-drive-reminder-email.")
    at = models.DateTimeField(help_text="The hour.")
    network = models.CharField(max_length=24, help_text="The first 24 bits of an IPv4 address, 48 of an IPv6 one.")
    browser = models.CharField(max_length=16, help_text="Its family.")
    came_from = models.CharField(
        max_length=100, blank=True, help_text="The host of the site before, nothing of its page."
    )

    class Meta:
        indexes = [models.Index(fields=["at"])]


class TagCount(models.Model):
    """`outcome` is "allowed" or the reason of a refusal."""

    day = models.DateField()
    use = models.CharField(max_length=64)
    outcome = models.CharField(max_length=32)
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "use", "outcome"], name="one_count_a_day")]
