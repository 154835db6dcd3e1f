"""Requests to know, to correct and to delete. A request's row is its record: when it came in, when it was answered and how, and
nothing by which anybody could be found once they are erased."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from forecourt.cases.models import Case


class Request(models.Model):
    """`contact` is the random id of whoever asked; after an erasure it leads nowhere."""

    class Kind(models.TextChoices):
        KNOW = Case.Kind.KNOW.value, "See what we have"
        CORRECT = Case.Kind.CORRECT.value, "Correct it"
        DELETE = Case.Kind.DELETE.value, "Delete it"

    class Answer(models.TextChoices):
        """Each is the sentence that the person reads."""

        ARCHIVE = "archive", "Everything that we had was packed into one file for you."
        CORRECTED = (
            "corrected",
            "What you changed is changed with us, and whoever got the old words from us has the new ones.",
        )
        DELETED = "deleted", "What we had of you is deleted."
        NOTHING = "nothing", "There was nothing left with us to answer with."
        REVOKED = "revoked", "Whoever asked for you took it back, so everything stayed as it was."
        UNPROVEN = "unproven", "No code came back from the new address, so everything stayed as it was."

    class Reason(models.TextChoices):
        """Why an answer takes longer than the first days."""

        MUCH = "much", "There is a lot to go through."
        OTHERS = "others", "We are waiting for somebody outside who has your data."
        UNCLEAR = "unclear", "We have to find out which records are meant."

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="request")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    contact = models.UUIDField(db_index=True)
    received_at = models.DateTimeField(help_text="When it came in. Checking who asks takes none of the days.")
    acknowledged_at = models.DateTimeField()
    acknowledge_by = models.DateField()
    answer_by = models.DateField(db_index=True)
    extended_at = models.DateTimeField(null=True)
    extension_reason = models.CharField(max_length=8, choices=Reason.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True)
    receipt = models.JSONField(default=dict, help_text="What was done, in counts and in names of companies.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_answer_has_its_day",
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="an_extension_has_its_reason",
                condition=Q(extended_at=None, extension_reason="")
                | (Q(extended_at__isnull=False) & ~Q(extension_reason="")),
            ),
            models.CheckConstraint(
                name="acknowledged_after_receipt", condition=Q(acknowledged_at__gte=F("received_at"))
            ),
        ]

    @property
    def interaction(self) -> str:
        return f"interaction:{self.pk}"

    @property
    def is_open(self) -> bool:
        return not self.answer


class Pass(models.Model):
    """Somebody asks, and shows by a code that the address is theirs. Found by the token in the page's address.

    Until the worker has taken it up, the typed address lies sealed in it: the request itself never looks whom it belongs to.
    """

    class Kind(models.TextChoices):
        KNOW = "know"
        CORRECT = "correct"
        DELETE = "delete"
        FIND = "find"
        MOVE = "move"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    token_digest = models.BinaryField(max_length=32, unique=True)
    code_digest = models.BinaryField(max_length=32)
    sealed = models.TextField(blank=True)
    contact = models.UUIDField(null=True, help_text="Once the worker has found it.")
    case = models.UUIDField(null=True, help_text="The request that it is about, where it is about one.")
    tries = models.SmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True)

    @property
    def interaction(self) -> str:
        """Asking for a code is an interaction of its own, so that its message rests on that and on nothing else."""
        return f"interaction:{self.pk}"


class IdentityCheck(models.Model):
    """Whoever asked by letter, call, email or message shows by a code that the address is theirs; what was started because of it.

    `case` is the letter's. Kept with it: who asked for the code, when it came back, and who started what.
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="identity_check")
    kind = models.CharField(max_length=8, choices=Request.Kind.choices, help_text="What the code was sent for.")
    contact = models.UUIDField(db_index=True)
    sent = models.UUIDField(unique=True, help_text="The pass whose code left.")
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=64)
    good_until = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    request = models.OneToOneField(Request, null=True, on_delete=models.SET_NULL, related_name="identity_check")
    started_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="started_once_it_was_shown", condition=Q(started_by="") | Q(shown_at__isnull=False)
            ),
        ]


class Archive(models.Model):
    """Everything of one person in one file, under that person's own key, for some days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.OneToOneField(Request, on_delete=models.CASCADE, related_name="archive")
    sealed = models.BinaryField()
    size = models.IntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    taken_at = models.DateTimeField(null=True)


class Correction(models.Model):
    """One field that somebody had changed. `away` are keyed digests of what it said before, so that an old list cannot bring it back."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="corrections")
    contact = models.UUIDField(db_index=True)
    field = models.CharField(max_length=64)
    away = ArrayField(models.BinaryField(max_length=32), default=list)
    at = models.DateTimeField(db_index=True)
    leads = ArrayField(models.UUIDField(), default=list, help_text="What tells those who got the old words.")
    moves_to = models.UUIDField(null=True, help_text="A new address: the contact that showed that it is theirs.")
    done_at = models.DateTimeField(null=True)
