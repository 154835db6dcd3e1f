"""Who we know, and what they gave us, sealed. A contact's row is the only lock that doors and stops take."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Subject(models.Model):
    """The atom that a key and choices attach to: a contact, one submission, what somebody asked us to remember, or one document
    that is looked at and then destroyed."""

    class Kind(models.TextChoices):
        CONTACT = "contact"
        SUBMISSION = "submission"
        MEMORY = "memory"
        DOCUMENT = "document"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    created_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, help_text="The vault opens nothing of it: see freezing.py.")


class Contact(models.Model):
    """An email address or a phone number, once each, found by a keyed index; the address itself lies sealed.

    Or a browser that said yes to something, found by its cookie; it has no address.
    """

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"
        BROWSER = "browser"

    subject = models.OneToOneField(Subject, primary_key=True, on_delete=models.CASCADE)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    index = models.BinaryField(max_length=32)
    seq = models.BigIntegerField(default=0)
    zones = ArrayField(models.CharField(max_length=64), default=list)
    frozen_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True, help_text="Nothing is left but a place in the ledger: see erasing.py.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "index"], name="one_contact_an_address")]


class Memory(models.Model):
    """What a form fills in next time; see memory.py. The token lies in one browser, and here as a keyed digest."""

    subject = models.OneToOneField(Subject, primary_key=True, on_delete=models.CASCADE)
    index = models.BinaryField(max_length=32, unique=True)
    about = models.BinaryField(
        max_length=32, null=True, db_index=True, help_text="The index of the address in it, so that erasing finds it."
    )
    kept_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    lasts_until = models.DateTimeField(help_text="The last day, once the browser has shown that it kept the token.")


class Link(models.Model):
    """One browser and one address that came with the same form. The application can add rows, never change them."""

    browser = models.UUIDField()
    contact = models.UUIDField(db_index=True)
    interaction = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["browser", "contact"], name="one_link")]


class Sealed(models.Model):
    """One field of one subject under that subject's key, with where it came from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE)
    field = models.CharField(max_length=64)
    value = models.BinaryField()
    source = models.CharField(max_length=64)
    notice = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "field", "at"])]
        constraints = [
            models.CheckConstraint(name="sealed_has_provenance", condition=~Q(source="") & ~Q(notice="")),
        ]


class Forgotten(models.Model):
    """The receipt of what went because its time was over."""

    rule = models.CharField(max_length=64)
    number = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["rule", "-at"], name="people_forg_rule_at")]


class Supplied(models.Model):
    """Somebody else than the person told us of this contact: who, as of which day, and what. What it may serve is the policy's."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="supplied")
    supplier = models.CharField(max_length=64)
    dated = models.DateField(help_text="The day that the supplier says it is of.")
    fields = ArrayField(models.CharField(max_length=64))
    uses = ArrayField(models.CharField(max_length=64), help_text="What it could serve on the day on which it came.")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "supplier", "dated"], name="one_supply_a_day")]


class Opening(models.Model):
    """Somebody looked: one row per person, case and purpose. The application can add rows, never change them."""

    subject = models.UUIDField()
    who = models.CharField(max_length=64)
    case = models.CharField(max_length=32, blank=True)
    purpose = models.CharField(max_length=64)
    fields = ArrayField(models.CharField(max_length=64))
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "who", "case", "purpose"], name="one_opening")]
