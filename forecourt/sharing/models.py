"""Whom we share with, what waits to be shared, and the receipt of what was."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from forecourt.people.models import Contact, Subject


class Recipient(models.Model):
    """Somebody outside who may get personal data: a dealer here; later affiliates, vendors and networks."""

    code = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=200)
    endpoint = models.URLField()
    active = models.BooleanField(default=True)


class Lead(models.Model):
    """A visitor's wish on its way to the dealer whom the visitor chose. One a booking, and one for each change after it left."""

    class State(models.TextChoices):
        QUEUED = "queued"
        WAITING = "waiting"
        HANDING = "handing"
        LEFT = "left"
        REFUSED = "refused"
        FAILED = "failed"
        UNKNOWN = "unknown"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE)
    submission = models.ForeignKey(Subject, on_delete=models.CASCADE)
    interaction = models.CharField(max_length=64)
    change = models.PositiveSmallIntegerField(
        default=0, help_text="0 is the wish itself, 1 the first change told to the dealer."
    )
    interaction_type = models.CharField(max_length=32)
    use = models.CharField(max_length=64)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT)
    chosen = models.CharField(max_length=64, help_text="The recipient that the visitor chose.")
    model_year = models.SmallIntegerField()
    model_name = models.CharField(max_length=100)
    wish = models.CharField(max_length=200, help_text="What the visitor asked for, in words without personal data.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=64, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    over = models.BooleanField(default=False)
    requested_at = models.DateTimeField()
    due = models.DateTimeField()
    expires = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    deadline = models.DateTimeField(null=True, help_text="By the database's clock: the lease of the hand-off.")
    permit = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["contact"]),
            models.Index(fields=["due"], condition=Q(state__in=["queued", "waiting"]), name="lead_waiting"),
        ]
        constraints = [models.UniqueConstraint(fields=["interaction", "change"], name="one_lead_a_change")]


class Receipt(models.Model):
    """What left, to whom, when and by which permit. Added, never changed."""

    lead = models.OneToOneField(Lead, on_delete=models.PROTECT)
    recipient = models.CharField(max_length=64)
    fields = ArrayField(models.CharField(max_length=64))
    permit = models.UUIDField()
    provider_id = models.CharField(max_length=128)
    at = models.DateTimeField()
