"""How a request stands, in the protocol's words (its sections 3.02 and 3.03)."""

from dataclasses import dataclass
from datetime import datetime

from forecourt.agents.models import Asked
from forecourt.policy import request_clocks
from forecourt.requests import paths
from forecourt.requests.models import Request
from forecourt.web.brand import brand

FINAL = ("fulfilled", "revoked", "denied")
Answer = Request.Answer


@dataclass(frozen=True, slots=True)
class State:
    status: str
    reason: str = ""
    details: str = ""
    expected_by: datetime | None = None
    results_url: str = ""
    expires_at: datetime | None = None

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def key(self) -> str:
        """What tells it from the state before: an extension is news as well."""
        return f"{self.status} {self.expected_by:%Y%m%d}" if self.expected_by else self.status


def of(asked: Asked) -> State:
    if asked.revoked_at:
        return State("revoked")
    if asked.denied:
        return State("denied", asked.denied, Asked.Denied(asked.denied).label)
    if asked.exercise == Asked.Exercise.OPT_OUT:
        return State("fulfilled", details="Sale and sharing ended when the request came.")
    return of_requests(
        list(Request.objects.filter(pk__in=asked.cases).select_related("case", "archive").order_by("pk"))
    )


def of_requests(requests: list[Request]) -> State:
    waiting = [one for one in requests if one.is_open]
    if waiting:
        last = max(waiting, key=lambda one: one.answer_by)
        why = (
            Request.Reason(last.extension_reason).label
            if last.extension_reason
            else "It came in, and is being answered."
        )
        clock = request_clocks.clock(last.received_at, extended=last.extended_at is not None)
        return State("in_progress", details=why, expected_by=clock.ends_at)
    if all(one.answer == Answer.NOTHING for one in requests):
        return State("denied", Asked.Denied.NO_MATCH.value, Answer.NOTHING.label)
    if all(one.answer == Answer.REVOKED for one in requests):
        return State("revoked")
    return fulfilled(requests)


def fulfilled(requests: list[Request]) -> State:
    """A file opens for the person alone, by a code to an address of theirs that we hold; the agent gets the page's address."""
    said = " ".join(sorted({Answer(one.answer).label for one in requests}))
    packed = next((one for one in requests if getattr(one, "archive", None)), None)
    if packed is None:
        return State("fulfilled", details=said)
    page = f"{brand().site_url}{paths.path_of(packed)}"
    return State("fulfilled", details=said, results_url=page, expires_at=packed.archive.expires_at)


def document(asked: Asked, note: str = "") -> dict[str, str]:
    state = of(asked)
    said = {
        "request_id": str(asked.pk),
        "agent_request_id": asked.own_id,
        "received_at": asked.received_at.isoformat(),
        "status": state.status,
        "reason": state.reason,
        "processing_details": f"{state.details} {note}".strip(),
        "expected_by": state.expected_by.isoformat() if state.expected_by else "",
        "results_url": state.results_url,
        "expires_at": state.expires_at.isoformat() if state.expires_at else "",
    }
    return {name: value for name, value in said.items() if value}
