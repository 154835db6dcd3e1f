"""What staff promised before they may look, and what providers answered when staff asked them."""

import uuid

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import F, Q


class Undertaking(models.Model):
    """A member of staff signed the text of that version. Added, never changed; without one in force the account is shut."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    text_version = models.CharField(max_length=32)
    signed_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="undertaking_ends_after_it_starts", condition=Q(until__gt=F("signed_at")))
        ]


class FirstPassword(models.Model):
    """This account's password was drawn for it, and whoever handed it over knows it: it opens the page to choose another."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="first_password"
    )


class Visit(models.Model):
    """One browser in which an account is signed in: what its owner sees of that session, and ends it by. Goes with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(Session, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="visits")
    browser = models.CharField(max_length=16, help_text="The family alone, so that its owner knows it again.")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()


class ProviderAnswer(models.Model):
    """A provider was asked what became of something whose outcome was unknown. Added, never changed."""

    class Kind(models.TextChoices):
        MESSAGE = "message"
        LEAD = "lead"
        SHARE = "share"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    about = models.UUIDField(unique=True)
    left = models.BooleanField()
    reference = models.CharField(max_length=64, blank=True, help_text="The provider's own number for the enquiry.")
    by = models.CharField(max_length=64)
    at = models.DateTimeField()


class Tally(models.Model):
    """What one account looked at in one hour, and how often it was refused because that was enough. See caps.py."""

    who = models.CharField(max_length=64)
    what = models.CharField(max_length=16)
    hour = models.DateTimeField()
    count = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "what", "hour"], name="one_tally_an_hour")]


class Remembered(models.Model):
    """The table of Django's cache, which every process shares: sign-in attempts are counted here, under keyed digests."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "console_remembered"
