"""The kinds of data that leave, and what they are called on a page."""

from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.policy.policy import Kind
from forecourt.sharing import figures
from forecourt.sharing.models import Lead, Share

NAME = "user.name"
INTEREST = "vehicle.interest"
APPOINTMENT = "vehicle.appointment"
OPT_OUT = "choice.opt_out"
ERASURE = "choice.erasure"
FINANCIAL = "user.financial"
PSEUDONYM = "user.unique_id.pseudonymous"
WORDS = {
    NAME: "your name",
    contacts.FIELDS["email"]: "your email address",
    contacts.FIELDS["phone"]: "your phone number",
    INTEREST: "the car",
    APPOINTMENT: "the time",
    FINANCIAL: "the sum and the months",
    PSEUDONYM: "a name for your browser that nobody else has",
    OPT_OUT: "that you said no",
    ERASURE: "that you are erased",
}


def field_of(contact: Contact) -> str:
    """What kind of data names this contact to somebody outside."""
    return PSEUDONYM if contact.kind == Contact.Kind.BROWSER else contacts.FIELDS[contact.kind]


def categories(row: Lead | Share, contact: Contact) -> frozenset[str]:
    """The kinds of data that it would carry, known without opening any."""
    if isinstance(row, Lead) and row.recipient.kind == Kind.LENDER:
        more_of_it = {OPT_OUT} if row.says_no else {FINANCIAL} if figures.of(row) else set()
        return frozenset({NAME, field_of(contact), INTEREST, *more_of_it})
    if isinstance(row, Lead):
        return frozenset({NAME, field_of(contact), INTEREST, OPT_OUT if row.says_no else APPOINTMENT})
    if row.kind == Share.Kind.ERASURE:
        return frozenset({PSEUDONYM, ERASURE})
    more = {Share.Kind.EVENT: {INTEREST}, Share.Kind.NOTICE: {OPT_OUT}}
    return frozenset({field_of(contact), *more.get(Share.Kind(row.kind), ())})
