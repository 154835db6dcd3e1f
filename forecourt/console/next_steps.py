"""What whoever looks at a screen has to do now, in one sentence: the first line of every case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from forecourt.cases.models import Case
from forecourt.inquiries.looking import Shown
from forecourt.inquiries.models import Inquiry


@dataclass(frozen=True, slots=True)
class Next:
    """`words` lead to `href`, where there is a place to do it."""

    says: str
    words: str = ""
    href: str = ""


def of_case(case: Case, holder: str, me: str, *, is_message: bool, by_machines: bool) -> Next:
    if case.closed_at:
        return Next("It is closed: nothing is left to do.")
    if by_machines:
        return Next(
            "Our machines answer it, and close it with their answer.", "What waits, and until when", requests_of(case)
        )
    if not holder:
        return Next("Nobody has it yet. Take it, and it is yours to answer.")
    if holder != me:
        return Next(f"{holder} answers it. Whoever writes or calls about it is told that.")
    if is_message:
        return Next("Yours to answer:", "read the message", reverse("console:inquiry", args=[case.reference]))
    if case.kind == Case.Kind.CLAIM:
        return Next("Yours to answer:", "look at the claim", reverse("console:claim", args=[case.reference]))
    return Next("Yours: do what they asked, then close it.")


def requests_of(case: Case) -> str:
    return f"{reverse('console:requests')}#{case.reference}"


def of_inquiry(inquiry: Inquiry, said: Sequence[Shown]) -> Next:
    """Of one that is open and in the hands of whoever looks."""
    if inquiry.proposed:
        return Next("Read it, and decide what it asks for.", "Decide", "#kind")
    if inquiry.case.kind == Case.Kind.CHILD:
        return Next("Freeze what is the child’s, then erase it; the case closes with that.", "A child’s data", "#child")
    if not said:
        return Next("The policy shows these words to nobody now. Ask a manager what stands in the way.")
    if said[-1].line.ours:
        return Next("Answered last by us. Close it, unless something is left to do.", "Close it", "#closing")
    return Next("They wait for an answer.", "Answer", "#answer")


def of_request(inquiry: Inquiry, given: Mapping[str, object]) -> Next:
    """Of one that our machines can answer, once its sender showed that it is them."""
    if given["shown"]:
        start = reverse("console:inquiry_machines", args=[inquiry.case.reference])
        return Next("They showed that it is them.", "Let our machines answer", start)
    if given["waits"]:
        return Next(
            "A code is on its way. Our machines can answer once they typed it on our page.", "The code", "#machines"
        )
    if inquiry.contact is None:
        return Next("They left no address to which a code could go.", "What to tell them", "#machines")
    return Next("They have to show that the address is theirs.", "Send them a code", "#machines")
