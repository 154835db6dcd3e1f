"""The checks for machines: /.well-known/privacy-checks.json, whose shape docs/privacy-checks.md describes.

Each row of evidence can be verified without us: `signature` is Ed25519 over the row's other members as JSON with sorted keys
and no spaces (UTF-8), by the key that is published beside it.
"""

from datetime import UTC, datetime
from typing import Any

from forecourt.consent import policies
from forecourt.policy.policy import Class, Sentence
from forecourt.proof import attestations, evidence, registry, signing
from forecourt.proof.evidence import Record, State
from forecourt.proof.revision import revision
from forecourt.proof.wording import Attested
from forecourt.web.brand import brand

FORMAT = "privacy-checks/1"


def table(now: datetime) -> dict[str, Any]:
    policy = policies.in_force(now)
    known = evidence.records(registry.probes(), policy.version, now)
    signed = attestations.standing(now)
    return {
        "format": FORMAT,
        "brand": brand().legal_name,
        "policy": f"{brand().site_url.rstrip('/')}/privacy/versions/{policy.version}/",
        "policy_version": policy.version,
        "as_of": stamp(now),
        "code_revision": revision(),
        "key": {"type": "Ed25519", "id": signing.key_id(), "public": signing.public_key()},
        "promises": [
            promise_row(sentence, known.get(sentence.id), signed.get(sentence.id))
            for sentence in policy.sentences.values()
        ],
    }


def promise_row(sentence: Sentence, record: Record | None, attested: Attested | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": sentence.id,
        "sentence": sentence.text,
        "class": str(sentence.kind),
        "state": state(sentence, record, attested),
    }
    if attested:
        row["attested"] = {
            "by": attested.by,
            "signed": attested.signed.isoformat(),
            "until": attested.until.isoformat(),
        }
    if record:
        if record.state is State.REVIEW:
            row["since"] = stamp(record.since)
            row["paused"] = record.closed_since is not None
        row["evidence"] = [
            {**evidence.statement(found), "signature": found.signature}
            for found in record.rows
            if found.outcome == evidence.Outcome.GREEN or not registry.is_secret(found.promise)
        ]
    return row


def state(sentence: Sentence, record: Record | None, attested: Attested | None) -> str:
    if sentence.kind is Class.INFORMATIVE:
        return "informs"
    if sentence.kind is Class.ATTESTED:
        return "signed" if attested else "not signed"
    return str(record.state) if record else str(State.UNCHECKED)


def stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
