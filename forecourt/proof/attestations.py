"""What people signed, where a sentence cannot be looked at by software: attested.toml beside the policy's versions.

[P-3D-5]
by     = "the head of purchasing"
signed = 2026-11-01
until  = 2027-03-01
"""

import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path

from forecourt.consent import policies
from forecourt.proof.wording import Attested


class BadAttestation(Exception):
    """attested.toml cannot be read; the sentence says what to mend."""


def standing(now: datetime) -> dict[str, Attested]:
    """What is signed and has not run out."""
    signed = read(policies.book().folder / "attested.toml")
    return {promise: one for promise, one in signed.items() if one.signed <= now.date() <= one.until}


@cache
def read(path: Path) -> dict[str, Attested]:
    if not path.is_file():
        return {}
    found = {}
    for promise, row in tomllib.loads(path.read_text("utf-8")).items():
        by, signed, until = row.get("by"), row.get("signed"), row.get("until")
        if not (isinstance(by, str) and by and isinstance(signed, date) and isinstance(until, date)):
            raise BadAttestation(
                f'{path}: [{promise}] needs by = "a role", signed = and until = as days such as 2027-03-01.'
            )
        found[promise] = Attested(by, signed, until)
    return found
