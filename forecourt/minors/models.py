"""What somebody told us about a child's data, and what was decided. Random numbers of contacts, and nothing of what they hold."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from forecourt.cases.models import Case
from forecourt.people.models import Contact


class Report(models.Model):
    """One case of kind child-data. `contacts` are those that it froze; empty where we hold nothing under what was named, or where a
    person has to look first, since lately one of them was found to be no child's."""

    class By(models.TextChoices):
        PARENT = "parent", "I am the child’s parent or guardian"
        CHILD = "child", "I am the child"
        OTHER = "other", "Somebody else"

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT)
    told_by = models.CharField(max_length=8, choices=By.choices, blank=True)
    contacts = ArrayField(models.UUIDField(), default=list)
    to_look_at = ArrayField(models.UUIDField(), default=list, help_text="Named, and not frozen by itself.")
    at = models.DateTimeField()


class Release(models.Model):
    """That a record is no child's, so that it may be used again: one person says what was seen, another agrees."""

    class Seen(models.TextChoices):
        ANSWERED = "answered", "We called or wrote to where the record leads, and a grown-up answered and knew it"
        SHOWN = "shown", "Whoever the record is of showed at a dealer that they are 13 or older"
        TAKEN_BACK = "taken-back", "Whoever told us took it back, and nothing else speaks for a child"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT)
    seen = models.CharField(max_length=16, choices=Seen.choices)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="releases_asked")
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="releases_agreed"
    )
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="two_people_release", condition=Q(agreed_by=None) | ~Q(agreed_by=F("asked_by"))
            ),
            models.UniqueConstraint(fields=["report"], condition=Q(agreed_at=None), name="one_release_asked"),
        ]


class Asking(models.Model):
    """A parent's address, given to ask for their yes, and what they said. Without a yes that they confirmed it is gone by its day."""

    class Way(models.TextChoices):
        EMAIL = "email", "by a second email"
        FORM = "form", "by a signed form"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT)
    nonce = models.UUIDField(unique=True)
    token_digest = models.BinaryField(max_length=32, unique=True)
    number = models.CharField(max_length=16, unique=True, help_text="Stands on the form that is signed.")
    asked_at = models.DateTimeField()
    said_yes_at = models.DateTimeField(null=True, help_text="By the first email; counts for nothing yet.")
    asked_again_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=8, choices=Way.choices, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="Who read the form."
    )

    class Meta:
        indexes = [models.Index(fields=["asked_at"], condition=Q(confirmed_at=None), name="asking_open")]
        constraints = [
            models.CheckConstraint(
                name="a_yes_came_some_way",
                condition=Q(confirmed_at=None, way="")
                | Q(confirmed_at__isnull=False, way="email", asked_again_at__isnull=False)
                | Q(confirmed_at__isnull=False, way="form", read_by__isnull=False),
            )
        ]

    @property
    def interaction(self) -> str:
        return f"interaction:{self.pk}"
