"""Accounts of visitors. No name, no address, no token that could be read: a login row with a random handle, the verified
contact that it belongs to, and digests of whatever lies in a browser or a mailbox."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from forecourt.people.models import Contact


class Account(models.Model):
    """Exists from the moment in which its email address was proven, so there is none that is not verified.

    The login row beside it is the library's: a handle that says nothing, the password's hash, and passkeys.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE)
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="account")
    opened_at = models.DateTimeField()
    verified_at = models.DateTimeField(help_text="When a code last showed that the mailbox is theirs.")
    notice = models.CharField(max_length=32, help_text="The policy version that stood beside the form.")
    second_factor = models.BooleanField(default=False, help_text="A password or a code alone opens nothing.")


class Session(models.Model):
    """One browser that is signed in. The row is what is asked on every request, so deleting it signs out on every server."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    digest = models.BinaryField(max_length=32, unique=True, help_text="Of the token in the browser's cookie.")
    method = models.CharField(max_length=8)
    browser = models.CharField(max_length=16, help_text="The family alone, so that its owner knows it again.")
    shared = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(help_text="When it last showed a password, a passkey or a code.")
    ends_at = models.DateTimeField(db_index=True, help_text="Whatever happens.")

    class Meta:
        constraints = [models.CheckConstraint(name="session_ends", condition=Q(ends_at__gt=F("began_at")))]


class Ticket(models.Model):
    """Somebody asked for a code, or is between two steps of signing in. Found by the token in the page's address.

    Until the worker has taken it up, the typed address lies sealed in it: the request itself never looks whom it belongs to.
    """

    class Kind(models.TextChoices):
        REGISTER = "register"
        CODE = "code"
        RESET = "reset"
        CONFIRM = "confirm"
        SECOND = "second"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    token_digest = models.BinaryField(max_length=32, unique=True)
    code_digest = models.BinaryField(max_length=32)
    sealed = models.TextField(blank=True)
    notice = models.CharField(max_length=32)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE)
    method = models.CharField(max_length=8, blank=True, help_text="How the first step was taken.")
    shared = models.BooleanField(default=False)
    tries = models.SmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    @property
    def interaction(self) -> str:
        """Asking for a code is an interaction of its own, so that its message rests on that and on nothing else."""
        return f"interaction:{self.pk}"


class Challenge(models.Model):
    """What a passkey has to sign: once, within minutes. `digest` is of the token in the page that asked."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    state = models.JSONField(help_text="The challenge and how it was asked; nothing about a person.")
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE)
    expires_at = models.DateTimeField(db_index=True)


class Tried(models.Model):
    """How often something was tried since a moment. The key is a keyed digest, and names neither an address nor a network."""

    key = models.BinaryField(max_length=32, primary_key=True)
    since = models.DateTimeField(db_index=True)
    number = models.IntegerField()
