"""What a checked message asks for. Claims that we have no use for are not read, and kept nowhere."""

import re
from dataclasses import dataclass
from typing import Any

from forecourt.agents.envelope import Refused
from forecourt.agents.models import Asked
from forecourt.people import contacts
from forecourt.people.addresses import Address, BadAddress

Exercise = Asked.Exercise
# The protocol's own text writes it in two ways.
SPELLED = {one.value.replace("_", "-"): one for one in Exercise} | {one.value: one for one in Exercise}
REGIMES = (None, "", "ccpa")
# No address fits in: what an agent calls a request stays with the request's record, which names nobody.
OWN_ID = re.compile(r"[A-Za-z0-9_.:-]{0,64}")


@dataclass(frozen=True, slots=True)
class Wish:
    """`verified` are those of the addresses that the agent says it checked with the person."""

    exercise: Asked.Exercise
    addresses: tuple[Address, ...]
    verified: tuple[Address, ...]
    own_id: str
    tells: bool


def read(claims: dict[str, Any], callback: str) -> Wish:
    """`callback` is the address that the directory has for the agent."""
    if claims.get("exercise") not in list(SPELLED):
        raise Refused(400, "exercise is none that we know; /.well-known/data-rights.json lists them.")
    if claims.get("regime") not in list(REGIMES):
        raise Refused(400, "regime is none that we know: ccpa, or leave it out.")
    own_id = claims.get("agent-request-id", "")
    if not isinstance(own_id, str) or not OWN_ID.fullmatch(own_id):
        raise Refused(400, "agent-request-id has to be of at most 64 letters, digits and . _ : - and to name nobody.")
    wanted = claims.get("status_callback") or ""
    if wanted not in ("", callback):
        raise Refused(400, "status_callback is not the address that the directory has for this agent.")
    found = tuple(addresses(claims))
    if not found:
        raise Refused(400, "Name the person by email or phone_number.")
    return Wish(
        SPELLED[claims["exercise"]],
        tuple(address for address, _ in found),
        tuple(address for address, is_verified in found if is_verified),
        own_id,
        bool(wanted),
    )


def addresses(claims: dict[str, Any]):
    for name, reads in (("email", contacts.read_email), ("phone_number", contacts.read_phone)):
        said = claims.get(name)
        if said in (None, ""):
            continue
        try:
            if not isinstance(said, str):
                raise BadAddress
            yield reads(said), claims.get(f"{name}_verified") is True
        except BadAddress:
            raise Refused(400, f"{name} cannot be read.") from None
