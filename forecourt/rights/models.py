"""Fresh codes, which show that whoever holds a message's link also reads that mailbox or phone now; and who was erased."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

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


class ErasureHold(models.Model):
    """Why an erasure waits, who asked for that and who agreed, and the day on which it ends whatever happens."""

    class Ground(models.TextChoices):
        LAW = "law", "the law makes us keep it"
        ORDER = "order", "something that they ordered is not finished"
        SAFETY = "safety", "somebody’s safety depends on it"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.UUIDField(db_index=True)
    case = models.CharField(max_length=16)
    ground = models.CharField(max_length=6, choices=Ground)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    until = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="two_people_hold", condition=~Q(approved_by=F("asked_by"))),
            models.CheckConstraint(
                name="agreed_by_somebody",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(name="hold_ends", condition=Q(until__gt=F("asked_at"))),
        ]

    @property
    def sentence(self) -> str:
        return SENTENCES[ErasureHold.Ground(self.ground)]


SENTENCES = {
    ErasureHold.Ground.LAW: "The law makes us keep it until then. Nothing else uses it meanwhile.",
    ErasureHold.Ground.ORDER: "Something that you ordered is not finished. Nothing else uses it meanwhile.",
    ErasureHold.Ground.SAFETY: "Somebody’s safety depends on it until then. Nothing else uses it meanwhile.",
}


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
