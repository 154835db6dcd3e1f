"""Agents whom people have authorized, and what they asked. Nothing here says for whom: that stands with the cases."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Agent(models.Model):
    """One entry of the network's directory. What it signs counts while it is not stopped."""

    code = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=128)
    verify_key = models.BinaryField(max_length=32)
    web_url = models.URLField(max_length=256)
    callback = models.URLField(
        max_length=256, blank=True, help_text="Where it may hear of changes besides its own site."
    )
    token_digest = models.BinaryField(max_length=32, null=True, unique=True)
    added_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)


class Asked(models.Model):
    """`cases` are those that it opened or found open; its own, which no person asked for, can end when it is revoked."""

    class Exercise(models.TextChoices):
        OPT_OUT = "sale:opt_out"
        OPT_IN = "sale:opt_in"
        DELETION = "deletion"
        ACCESS = "access"
        CATEGORIES = "access:categories"
        SPECIFIC = "access:specific"

    class Denied(models.TextChoices):
        """Each is a reason of the protocol's, and the sentence that goes with it."""

        UNVERIFIED = (
            "insuf_verification",
            "Verify the email address or phone number with the person, say so in the request, and send a new one.",
        )
        NO_MATCH = "no_match", "We hold nothing under what the request names."
        NOT_COVERED = (
            "claim_not_covered",
            "A yes to sale or sharing has to come from the person, who says it on our page of privacy choices.",
        )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="asked")
    own_id = models.CharField(max_length=64, blank=True, help_text="The agent's own number for it.")
    exercise = models.CharField(max_length=20, choices=Exercise.choices)
    received_at = models.DateTimeField(db_index=True)
    denied = models.CharField(max_length=20, choices=Denied.choices, blank=True)
    cases = ArrayField(models.UUIDField(), default=list)
    own_cases = ArrayField(models.UUIDField(), default=list)
    revoked_at = models.DateTimeField(null=True)
    callback = models.URLField(max_length=256, blank=True, help_text="Where the agent wants to hear of changes.")
    told = models.CharField(max_length=20, blank=True, help_text="The state of which all was said, or tried for days.")
    tries = models.SmallIntegerField(default=0)
    tell_at = models.DateTimeField(
        null=True, db_index=True, help_text="When it is looked at next; never once all is said."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "own_id"], condition=~Q(own_id=""), name="an_agent_numbers_each_request_once"
            )
        ]


class Permission(models.Model):
    """Who wrote in somebody's name enclosed a permission that this person signed; one of ours read it, for this case."""

    case = models.UUIDField(primary_key=True)
    signed_on = models.DateField()
    seen_by = models.CharField(max_length=64)
    at = models.DateTimeField()


class Seen(models.Model):
    """A signed message came, so it does not come again: its digest, until its own time is over."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    until = models.DateTimeField(db_index=True)
