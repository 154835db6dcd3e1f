"""What somebody asked, told or sent us, whichever way it came, and what we answered. Words lie sealed under keys of their own."""

import uuid

from django.db import models
from django.db.models import F, Q

from forecourt.cases.models import Case
from forecourt.people.models import Contact, Subject


class Inquiry(models.Model):
    """One form, letter, call or email; the case has its number and its clock, which starts when it reached us."""

    class Topic(models.TextChoices):
        CAR = "car", "A car of ours"
        VISIT = "visit", "A dealer, a drive or a visit"
        DATA = "data", "My data and my choices"
        SITE = "site", "This website"
        OTHER = "other", "Something else"

    class Site(models.TextChoices):
        THIS = "this", "This website"
        DEALER = "dealer", "A dealer’s website"
        ABROAD = "abroad", "Our website for other countries"
        NOT_SAID = "not-said", "They did not say"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, help_text="How to get back to them, if they said."
    )
    submission = models.OneToOneField(
        Subject, null=True, on_delete=models.PROTECT, help_text="Whose key seals the words; gone before the row."
    )
    topic = models.CharField(max_length=8, choices=Topic.choices, blank=True, help_text="Whose desk; nothing else.")
    site = models.CharField(max_length=8, choices=Site.choices)
    proposed = models.CharField(max_length=24, choices=Case.Kind.choices, blank=True)
    nonce = models.UUIDField(unique=True)
    token_digest = models.BinaryField(max_length=32, unique=True)
    notice = models.CharField(max_length=32, help_text="The policy's version that was in force when it came.")
    entered_at = models.DateTimeField(help_text="When it was written down; the case opened when it reached us.")

    class Meta:
        indexes = [models.Index(fields=["contact"])]
        constraints = [models.CheckConstraint(name="an_inquiry_says_which_site", condition=~Q(site=""))]

    @property
    def is_open(self) -> bool:
        return self.case.closed_at is None

    @property
    def interaction(self) -> str:
        return f"interaction:{self.pk}"


class Line(models.Model):
    """What they said or what we said, sealed under the inquiry's key. `way` is how it came or went; ours on the page is "web"."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="lines")
    ours = models.BooleanField()
    way = models.CharField(max_length=8, choices=Case.Channel.choices)
    sealed = models.BinaryField()
    original = models.BinaryField(null=True, help_text="A whole email as it came, sealed.")
    by = models.CharField(max_length=64, blank=True, help_text="The handle of whoever of us wrote it.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["inquiry", "at"])]


class Recording(models.Model):
    """Whether one call may be recorded: told, then asked, then on. The database refuses any other order."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE)
    wording = models.CharField(max_length=32, help_text="The notice as it was read out.")
    told_by = models.CharField(max_length=64)
    told_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True, help_text="At once, or in the middle of the call.")
    started_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_notice_says_who_told_what", condition=~Q(wording="") & ~Q(told_by="")),
            models.CheckConstraint(
                name="no_recording_before_notice_and_yes",
                condition=Q(started_at=None)
                | Q(agreed_at__isnull=False, agreed_at__gte=F("told_at"), started_at__gte=F("agreed_at")),
            ),
            models.CheckConstraint(
                name="a_no_ends_the_recording",
                condition=Q(refused_at=None) | Q(started_at=None) | Q(stopped_at__isnull=False),
            ),
        ]

    @property
    def is_on(self) -> bool:
        return self.started_at is not None and self.stopped_at is None


class Month(models.Model):
    """What became of one month's cases; see months.py. Counted anew each night until it is final, and never after."""

    first_day = models.DateField()
    group = models.CharField(max_length=8)
    received = models.IntegerField()
    in_time = models.IntegerField()
    late = models.IntegerField()
    still_open = models.IntegerField(help_text="And not yet due; what is due and open counts as late.")
    median_days = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    counted_at = models.DateTimeField()
    is_final = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first_day", "group"], name="one_row_a_month_and_group")]
