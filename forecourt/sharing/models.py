"""Whom we share with, what waits to be shared, and the receipt of what was."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from forecourt.consent import leases
from forecourt.people.models import Contact, Subject


class Recipient(models.Model):
    """Somebody outside who may get personal data. What the policy does not name is refused (recipients.register)."""

    code = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    endpoint = models.URLField()
    active = models.BooleanField(default=True)


class Outgoing(models.Model):
    """One thing on its way to somebody outside. It holds no personal data itself; the hand-off alone moves its state.

    `NAME` is what a contact and a receipt know it by, `TABLE` what a lease does.
    """

    NAME: ClassVar[str]
    TABLE: ClassVar[leases.Table]

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
    use = models.CharField(max_length=64)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT)
    interaction = models.CharField(max_length=64, blank=True)
    interaction_type = models.CharField(max_length=32, blank=True)
    chosen = models.CharField(max_length=64, blank=True, help_text="The recipient that the visitor chose.")
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
        abstract = True


class Lead(Outgoing):
    """A visitor's wish on its way to the dealer whom the visitor chose. One a booking, and one for each change after it left."""

    NAME, TABLE = "lead", "sharing_lead"

    submission = models.ForeignKey(Subject, on_delete=models.CASCADE)
    change = models.PositiveSmallIntegerField(
        default=0, help_text="0 is the wish itself, 1 the first change told to the dealer."
    )
    model_year = models.SmallIntegerField()
    model_name = models.CharField(max_length=100)
    wish = models.CharField(max_length=200, help_text="What the visitor asked for, in words without personal data.")

    says_no = models.BooleanField(default=False, help_text="It tells a dealer who has the data of an opt-out.")

    class Meta:
        indexes = [
            models.Index(fields=["contact"]),
            models.Index(fields=["due"], condition=Q(state__in=["queued", "waiting"]), name="lead_waiting"),
        ]
        constraints = [models.UniqueConstraint(fields=["interaction", "change"], name="one_lead_a_change")]


class Figures(models.Model):
    """What a request for credit says beside the name: in a table of its own, under a key of its own, for the one lender that the
    visitor sends it to. The hand-off alone opens it (figures.py), and once it left, it is destroyed."""

    subject = models.OneToOneField(Subject, primary_key=True, on_delete=models.CASCADE)
    lead = models.OneToOneField(Lead, on_delete=models.CASCADE)
    sealed = models.BinaryField()


class Share(Outgoing):
    """Word to a partner about one contact: it joins or leaves an audience, did something, or said no; and to whoever got anything of
    somebody, that they are erased."""

    NAME, TABLE = "share", "sharing_share"

    class Kind(models.TextChoices):
        JOIN = "join"
        REMOVAL = "removal"
        EVENT = "event"
        NOTICE = "notice"
        ERASURE = "erasure"

    NEEDS_YES = (Kind.JOIN, Kind.EVENT)
    SAYS_NO = (Kind.REMOVAL, Kind.NOTICE, Kind.ERASURE)

    kind = models.CharField(max_length=8, choices=Kind.choices)
    event = models.CharField(max_length=64, blank=True, help_text="What happened, of an event; no personal data.")

    class Meta:
        indexes = [
            models.Index(fields=["contact"]),
            models.Index(fields=["due"], condition=Q(state__in=["queued", "waiting"]), name="share_waiting"),
        ]


class Membership(models.Model):
    """A contact or browser in a network's audience. It ends the moment somebody says no; the network's word comes after."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT)
    join = models.OneToOneField(Share, on_delete=models.PROTECT, related_name="joins")
    removal = models.OneToOneField(Share, null=True, on_delete=models.PROTECT, related_name="removes")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "recipient"], condition=Q(left_at=None), name="one_membership"),
        ]


class Receipt(models.Model):
    """What left, to whom, when and by which permit, and the recipient's acknowledgement. Added, never changed."""

    lead = models.OneToOneField(Lead, null=True, on_delete=models.PROTECT)
    share = models.OneToOneField(Share, null=True, on_delete=models.PROTECT)
    recipient = models.CharField(max_length=64)
    fields = ArrayField(models.CharField(max_length=64))
    permit = models.UUIDField()
    provider_id = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="receipt_of_one_thing",
                condition=Q(lead__isnull=True, share__isnull=False) | Q(lead__isnull=False, share__isnull=True),
            )
        ]


class LinkCheck(models.Model):
    """What one look at a page of somebody else's found. Added, never changed."""

    address = models.URLField()
    found = models.CharField(max_length=8)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address", "-at"])]


class Sighting(models.Model):
    """When a walk through our own pages last met this host of somebody else's. Whoever walks writes it (sightings.seen)."""

    host = models.CharField(primary_key=True, max_length=253)
    at = models.DateTimeField()
