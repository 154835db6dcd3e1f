"""What somebody asked of a program, and the document that came with it until somebody decided.

Name, answers and document lie sealed under keys of the claim's own. With the answer those keys go: what stays is yes or no,
and how long it holds.
"""

import uuid

from django.db import models
from django.db.models import Q

from forecourt.cases.models import Case
from forecourt.people.models import Contact, Subject
from forecourt.sharing.models import Lead


class Claim(models.Model):
    """One form that was sent to one program; the case has its number."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        LATE = "late", "Nobody decided in time"
        WITHDRAWN = "withdrawn", "Taken back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.CharField(max_length=16, help_text="Its kind.")
    case = models.OneToOneField(Case, on_delete=models.PROTECT)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT)
    submission = models.OneToOneField(
        Subject, null=True, on_delete=models.PROTECT, help_text="Whose key seals the form; gone with the answer."
    )
    nonce = models.UUIDField(unique=True)
    token_digest = models.BinaryField(max_length=32, unique=True)
    notice = models.CharField(max_length=32, help_text="The policy's version that stood beside the form.")
    made_at = models.DateTimeField()
    discard_at = models.DateTimeField(help_text="When all is destroyed even if nobody decided.")
    answer = models.CharField(max_length=9, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    holds_until = models.DateTimeField(null=True, help_text="The answer's last moment; then the row goes as well.")

    class Meta:
        indexes = [
            models.Index(fields=["contact"]),
            models.Index(fields=["discard_at"], condition=Q(answer=""), name="claim_undecided"),
            models.Index(fields=["holds_until"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="an_answer_leaves_nothing_else",
                condition=Q(answer="", submission__isnull=False, answered_at=None, holds_until=None)
                | (~Q(answer="") & Q(submission=None, answered_at__isnull=False, holds_until__isnull=False)),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return not self.answer


class CreditRequest(models.Model):
    """A wish to borrow that somebody sent to the lender through us. The figures are not here: see sharing.figures."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT)
    submission = models.OneToOneField(Subject, on_delete=models.PROTECT, help_text="Whose key seals the name.")
    lead = models.OneToOneField(Lead, on_delete=models.PROTECT)
    nonce = models.UUIDField(unique=True)
    token_digest = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    forget_at = models.DateTimeField(db_index=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact"])]

    @property
    def interaction(self) -> str:
        return f"interaction:{self.pk}"


class Document(models.Model):
    """Proof that somebody sent with a claim, under a key that is its own and nobody else's, so that destroying it is whole."""

    subject = models.OneToOneField(Subject, primary_key=True, on_delete=models.CASCADE)
    claim = models.OneToOneField(Claim, on_delete=models.CASCADE)
    kind = models.CharField(max_length=16, help_text="image/jpeg or application/pdf.")
    sealed = models.BinaryField()
