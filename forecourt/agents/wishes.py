"""What a checked message asks for. Claims that we have no use for are not read, and kept nowhere."""

import re
from dataclasses import dataclass
from typing import Any

from forecourt.agents import directory
from forecourt.agents.envelope import Refused
from forecourt.agents.models import Agent, Asked
from forecourt.people import contacts
from forecourt.people.addresses import Address, BadAddress

Exercise = Asked.Exercise
# The protocol's own text writes it in two ways.
SPELLED = {one.value.replace("_", "-"): one for one in Exercise} | {one.value: one for one in Exercise}
# The reference agent says in a word what the text says by leaving it out.
REGIMES = (None, "", "ccpa", "voluntary")
# No email address fits in: what an agent calls a request stays with the request's record, which names nobody.
OWN_ID = re.compile(r"[A-Za-z0-9_.:-]{0,64}")


@dataclass(frozen=True, slots=True)
class Wish:
    """`verified` are those of the addresses that the agent says it checked with the person. `elsewhere` says that it wants word
    where it may not have it.
    """

    exercise: Asked.Exercise
    addresses: tuple[Address, ...]
    verified: tuple[Address, ...]
    own_id: str
    callback: str = ""
    elsewhere: bool = False


def read(claims: dict[str, Any], agent: Agent) -> Wish:
    if claims.get("exercise") not in list(SPELLED):
        raise Refused(400, "exercise is none that we know; /.well-known/data-rights.json lists them.")
    if claims.get("regime") not in list(REGIMES):
        raise Refused(400, "regime is none that we know: say ccpa, or leave it out.")
    own_id = claims.get("agent-request-id", "")
    if not isinstance(own_id, str) or not OWN_ID.fullmatch(own_id):
        raise Refused(400, "agent-request-id has to be of at most 64 letters, digits and . _ : - and to name nobody.")
    callback = claims.get("status_callback") or ""
    if not isinstance(callback, str):
        raise Refused(400, "status_callback is no address: name one, or leave it out.")
    # Nobody's no waits for an address that is the agent's own matter.
    hears = bool(callback) and directory.may_hear(agent, callback)
    found = tuple(addresses(claims))
    if not found:
        raise Refused(400, "Name the person by email or phone_number.")
    return Wish(
        SPELLED[claims["exercise"]],
        tuple(address for address, _ in found),
        tuple(address for address, is_verified in found if is_verified),
        own_id,
        callback if hears else "",
        bool(callback) and not hears,
    )


def addresses(claims: dict[str, Any]):
    for name, reads, like in (
        ("email", contacts.read_email, "ada@post.example"),
        ("phone_number", contacts.read_phone, "+12025550142"),
    ):
        said = claims.get(name)
        if said in (None, ""):
            continue
        try:
            if not isinstance(said, str):
                raise BadAddress
            yield reads(said), claims.get(f"{name}_verified") is True
        except BadAddress:
            raise Refused(400, f"{name} cannot be read: write it in full, as in {like}, or leave it out.") from None
