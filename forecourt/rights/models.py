"""Fresh codes, which show that whoever holds a message's link also reads that mailbox or phone now; and who was erased."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from forecourt.people.models import Contact


class Erasure(models.Model):
    """Somebody is to be erased, or was. It stays as the receipt: numbers, names of tables, and random ids."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contacts = ArrayField(models.UUIDField())
    case = models.CharField(max_length=16, blank=True, help_text="The reference number of the case that asked for it.")
    reason = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    removed = models.JSONField(default=dict, help_text="How many rows of which table.")
    keys = models.IntegerField(default=0, help_text="How many keys were destroyed.")
    kept_noes = models.IntegerField(
        default=0, help_text="Addresses of which one row stays, so that they stay opted out."
    )

    class Meta:
        indexes = [models.Index(fields=["asked_at"], condition=Q(done_at=None), name="erasure_open")]
        constraints = [models.UniqueConstraint(fields=["case", "contacts"], name="one_erasure_a_case")]


class Code(models.Model):
    """Six digits, sent to the contact, good for a few minutes and a few tries. Kept as a keyed digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE)
    digest = models.BinaryField(max_length=32)
    tries = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact", "sent_at"])]

    @property
    def interaction(self) -> str:
        """Asking for a code is an interaction of its own, so that its message rests on that and on nothing else."""
        return f"interaction:{self.pk}"
