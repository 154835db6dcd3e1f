"""What people told us, what follows from it now, and what was allowed because of it.

Entry, Wording and Permit can be read and added to, never changed or removed: the application's database role has no more
rights than that (see the migrations, and forgetting.py for what goes by itself when its time is over). Standing is a projection of Entry and can be rebuilt from it.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Verb(models.TextChoices):
    ASKED = "asked"
    GRANTED = "granted"
    WITHDREW = "withdrew"
    STOPPED = "stopped"
    STARTED = "started"
    WRONG_NUMBER = "wrong-number"

    @property
    def column(self) -> str:
        return self.value.replace("-", "_")


class Channel(models.TextChoices):
    EMAIL = "email"
    TEXT = "text"
    POST = "post"
    PUSH = "push"
    CALL = "call"
    DATA = "data"
    ALL = "all"


class Entry(models.Model):
    """One thing that somebody told us. `seq` counts within the contact and is the order; `at` is for people.

    The table is partitioned by `at` (see the migration), and holds a random contact id, codes and digests, nothing readable.
    """

    contact = models.UUIDField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=16, choices=Verb.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    scope = models.CharField(max_length=64)
    interaction = models.CharField(max_length=64, blank=True)
    method = models.CharField(max_length=32)
    by = models.CharField(max_length=64)
    wording = models.CharField(max_length=32, blank=True)
    policy_version = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, blank=True)


class Overtaken(models.Model):
    """How many entries of one contact went because their time was over, so that one that is missing otherwise is seen. The
    database alone writes it: see the migration."""

    contact = models.UUIDField(primary_key=True)
    entries = models.BigIntegerField()


class Wording(models.Model):
    """The exact words that stood beside a choice, kept once each under their digest."""

    id = models.CharField(primary_key=True, max_length=32)
    text = models.TextField()
    kept_at = models.DateTimeField()


class Standing(models.Model):
    """What stands for one contact on one channel and scope: the last seq of each verb."""

    contact = models.UUIDField()
    channel = models.CharField(max_length=8)
    scope = models.CharField(max_length=64)
    asked = models.BigIntegerField(default=0)
    granted = models.BigIntegerField(default=0)
    withdrew = models.BigIntegerField(default=0)
    stopped = models.BigIntegerField(default=0)
    started = models.BigIntegerField(default=0)
    wrong_number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "channel", "scope"], name="one_standing")]


class KeptNo(models.Model):
    """All that stays of somebody who was erased and had said no: which address, by its keyed index, what it refuses, and since
    when. So the no holds when that address comes back."""

    kind = models.CharField(max_length=8)
    index = models.BinaryField(max_length=32)
    noes = ArrayField(models.CharField(max_length=96), help_text="Verb, channel and scope, as the ledger has them.")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "index"], name="one_kept_no_an_address")]


class UnderSixteen(models.Model):
    """This contact told us that they are 13 to 15, the last time at this moment. See under_sixteen.py."""

    contact = models.UUIDField(primary_key=True)
    at = models.DateTimeField()


class Permit(models.Model):
    """The stored yes for one thing that leaves, with the facts that were judged. Doors write it, audits replay it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.UUIDField()
    use = models.CharField(max_length=64)
    recipient = models.CharField(max_length=64, blank=True)
    interaction = models.CharField(max_length=64, blank=True)
    interaction_type = models.CharField(max_length=32, blank=True)
    policy_version = models.CharField(max_length=32)
    as_of = models.BigIntegerField(help_text="The contact's last seq when this was decided.")
    seqs = ArrayField(models.BigIntegerField(), help_text="The entries that it rests on.")
    facts = models.JSONField(help_text="Zones, contract and law versions; no personal data.")
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["contact"]), models.Index(fields=["decided_at"])]


class RefusedReading(models.Model):
    """Somebody wanted to read what the policy does not let them read for this use. Added, never changed."""

    contact = models.UUIDField()
    use = models.CharField(max_length=64)
    data = ArrayField(models.CharField(max_length=64))
    reason = models.CharField(max_length=64)
    who = models.CharField(max_length=64)
    case = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()


class Closure(models.Model):
    """A promise whose probe failed twice: the uses that rest on it and are marked `closes` stay shut meanwhile."""

    promise = models.CharField(max_length=16)
    finding = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise"], condition=Q(until=None), name="one_open_closure"),
        ]


class Evidence(models.Model):
    """What one check of one promise found. Signed, and stale after `expires`."""

    class Outcome(models.TextChoices):
        GREEN = "green"
        RED = "red"
        GREY = "grey"

    promise = models.CharField(max_length=16)
    probe = models.CharField(max_length=64)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    finding = models.CharField(max_length=300, blank=True)
    looked_at = models.IntegerField(default=0, help_text="How many things the check looked at.")
    at = models.DateTimeField()
    expires = models.DateTimeField()
    revision = models.CharField(max_length=64)
    policy_version = models.CharField(max_length=32)
    signature = models.CharField(max_length=128)
    tx = models.BigIntegerField(
        default=0, db_default=0, help_text="When it looked, every transaction below this one had ended."
    )

    class Meta:
        indexes = [models.Index(fields=["promise", "-at"])]


class SignedContract(models.Model):
    """One version of one recipient's contract, with the required terms that it holds."""

    recipient = models.CharField(max_length=64)
    version = models.CharField(max_length=64)
    terms = ArrayField(models.CharField(max_length=48))
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "version"], name="one_contract_a_version")]
