"""Messages and what happened to them; what came in from phones. Bodies and replies lie sealed under the contact's key."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from forecourt.people.models import Contact


class Message(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued"
        HANDING = "handing"
        LEFT = "left"
        REFUSED = "refused"
        FAILED = "failed"
        UNKNOWN = "unknown"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE)
    channel = models.CharField(max_length=8)
    use = models.CharField(max_length=64)
    interaction = models.CharField(max_length=64, blank=True)
    interaction_type = models.CharField(max_length=32, blank=True)
    zones = ArrayField(
        models.CharField(max_length=64), default=list, help_text="Zones of the dealer; the contact has its own."
    )
    data = ArrayField(models.CharField(max_length=64), default=list, help_text="Data categories that the body carries.")
    body = models.BinaryField()
    link_digest = models.BinaryField(max_length=32, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=64, blank=True)
    over = models.BooleanField(default=False, help_text="The interaction ended while this waited.")
    queued_at = models.DateTimeField()
    due = models.DateTimeField()
    expires = models.DateTimeField(null=True)
    deadline = models.DateTimeField(null=True, help_text="By the database's clock: the lease of the hand-off.")
    attempts = models.SmallIntegerField(default=0)
    permit = models.UUIDField(null=True)
    provider_id = models.CharField(max_length=128, blank=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["contact", "-queued_at"]),
            models.Index(fields=["interaction"]),
            models.Index(fields=["due"], condition=Q(state="queued"), name="message_waiting"),
            models.Index(fields=["contact"], condition=Q(state="handing"), name="message_handing"),
        ]


class Reply(models.Model):
    """A text that somebody sent us. The carrier's id is unique, so that a webhook told twice counts once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE)
    carrier_id = models.CharField(max_length=64, unique=True)
    interaction_type = models.CharField(max_length=32)
    meaning = models.CharField(max_length=16)
    body = models.BinaryField()
    at = models.DateTimeField()
