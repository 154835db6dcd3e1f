"""Test drives. The name lies sealed under the submission's own key; the link's token is kept as a digest, and sealed."""

import uuid

from django.db import models
from django.db.models import Q

from forecourt.dealers.models import Dealer
from forecourt.people.models import Contact, Subject


class TestDrive(models.Model):
    """One drive at one dealer. What keeps two of them out of the same car is `Hold`."""

    class State(models.TextChoices):
        BOOKED = "booked"
        CANCELLED = "cancelled"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT)
    car = models.CharField(max_length=64, help_text="The model line's slug in the brand pack.")
    car_name = models.CharField(max_length=100, help_text="What it was called when it was booked.")
    starts_at = models.DateTimeField()
    remind_at = models.DateTimeField(help_text="The same hour the day before, on the dealer's clock.")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT)
    submission = models.OneToOneField(Subject, on_delete=models.PROTECT)
    state = models.CharField(max_length=9, choices=State.choices, default=State.BOOKED)
    token_digest = models.BinaryField(max_length=32, unique=True)
    token = models.BinaryField(
        help_text="The link's token, sealed under the submission's key, for messages still to come."
    )
    nonce = models.UUIDField(unique=True)
    texts_wording = models.CharField(max_length=32, help_text="The words beside the box for texts, ticked or not.")
    booked_at = models.DateTimeField()

    __test__ = False

    class Meta:
        indexes = [models.Index(fields=["remind_at"])]

    @property
    def interaction(self) -> str:
        return f"interaction:{self.pk}"


class Hold(models.Model):
    """Half an hour for which a booked drive keeps one of the dealer's cars. Capacity is this constraint, never a count."""

    drive = models.ForeignKey(TestDrive, on_delete=models.CASCADE, related_name="holds")
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT)
    at = models.DateTimeField()
    bay = models.PositiveSmallIntegerField(help_text="Which of the dealer's cars, from 1 to its capacity.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "at", "bay"], name="one_drive_a_car"),
            models.CheckConstraint(condition=Q(bay__gte=1), name="bays_count_from_one"),
        ]


class Change(models.Model):
    """A drive was moved (`after` says to when) or cancelled (`after` is empty)."""

    drive = models.ForeignKey(TestDrive, on_delete=models.CASCADE, related_name="changes")
    before = models.DateTimeField()
    after = models.DateTimeField(null=True)
    at = models.DateTimeField()


class Reminder(models.Model):
    """That a reminder's hour came for this time of this drive, and what came of it. Once each."""

    class Outcome(models.TextChoices):
        TEXT = "text"
        EMAIL = "email"
        NO_CHANNEL = "no channel"
        TOO_LATE = "too late"

    drive = models.ForeignKey(TestDrive, on_delete=models.CASCADE, related_name="reminders")
    starts_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    message = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drive", "starts_at"], name="one_reminder")]
