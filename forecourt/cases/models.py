"""Work that a member of staff does for a person: a reference number to read out, a clock, and why it was opened."""

import uuid

from django.conf import settings
from django.db import models


class Case(models.Model):
    class Kind(models.TextChoices):
        PHONE_STOP = "phone-stop", "Stop by phone"
        QUESTION = "question", "Question"
        # Whichever program it is: a case outlives what it was about, and must not tell who asked for adaptive equipment.
        CLAIM = "claim", "Claim"
        KNOW = "know", "Request to know"
        DELETE = "delete", "Request to delete"
        CORRECT = "correct", "Request to correct"
        NOT_INTERESTED = "not-interested", "Not interested any more"
        OPT_OUT = "opt-out", "No to sale and sharing"
        CHILD = "child-data", "A child's data"

    class Channel(models.TextChoices):
        PHONE = "phone"
        LETTER = "letter"
        EMAIL = "email"
        WEB = "web"
        AGENT = "agent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    came_by = models.CharField(max_length=8, choices=Channel.choices)
    contact = models.UUIDField(null=True, help_text="The contact that it is about, once known.")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["contact"]), models.Index(fields=["due_at"])]


class Handover(models.Model):
    """A case came into somebody's hands: they took it, or were given it. The latest counts. Added, never changed; outlives its
    case, since who could look is asked for later."""

    case = models.UUIDField(db_index=True)
    to = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
