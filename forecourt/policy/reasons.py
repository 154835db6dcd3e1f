"""Why a use was refused: a stable code each, and the sentence that we would say to the person."""

from enum import StrEnum


class Reason(StrEnum):
    NEVER_ASKED = "never-asked"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    WRONG_NUMBER = "wrong-number"
    NOT_REQUESTED = "not-requested"
    INTERACTION_OVER = "interaction-over"
    QUIET_HOURS = "quiet-hours"
    TOO_LATE = "too-late"
    FROZEN = "frozen"
    CLOSED = "closed"
    UNKNOWN_USE = "unknown-use"
    NOT_IN_FORCE = "not-in-force"
    WRONG_INTERACTION = "wrong-interaction"
    WRONG_RECIPIENT = "wrong-recipient"
    UNDECLARED_DATA = "undeclared-data"
    NO_CONTRACT = "no-contract"
    CONTRACT_EXPIRED = "contract-expired"
    CONTRACT_TERM_MISSING = "contract-term-missing"
    FORBIDDEN = "forbidden"
    NO_CASE = "no-case"
    TOO_MANY = "too-many"
    SIGNAL = "signal"
    OPTED_OUT = "opted-out"
    NOT_CHOSEN = "not-chosen"
    TOO_YOUNG = "too-young"
    SUPPLIED = "supplied"
    NOT_KNOWN_THEN = "not-known-then"

    @property
    def sentence(self) -> str:
        return SENTENCES[self]


SENTENCES = {
    Reason.NEVER_ASKED: "You did not tick the box for this booking.",
    Reason.WITHDRAWN: "You told us to stop these messages.",
    Reason.STOPPED: "You told us to stop. Text START to the same number to hear from it again.",
    Reason.WRONG_NUMBER: "Somebody told us that this number is not theirs.",
    Reason.NOT_REQUESTED: "Nobody asked us for this.",
    Reason.INTERACTION_OVER: "The booking was cancelled or is over.",
    Reason.QUIET_HOURS: "It is too early or too late in the day to text.",
    Reason.TOO_LATE: "The moment for this message has passed.",
    Reason.FROZEN: "This record is frozen: nothing may use it.",
    Reason.CLOSED: "A check on this promise failed, so we paused what rests on it.",
    Reason.UNKNOWN_USE: "The policy names no such use.",
    Reason.NOT_IN_FORCE: "Only a coming version of the policy allows this.",
    Reason.WRONG_INTERACTION: "The policy allows this for another kind of booking.",
    Reason.WRONG_RECIPIENT: "This would reach somebody whom you did not choose.",
    Reason.UNDECLARED_DATA: "The policy does not name these data for this use.",
    Reason.NO_CONTRACT: "The recipient has no contract with us.",
    Reason.CONTRACT_EXPIRED: "The recipient's contract has ended.",
    Reason.CONTRACT_TERM_MISSING: "The recipient's contract lacks a required term.",
    Reason.FORBIDDEN: "A stricter sentence of the policy forbids this.",
    Reason.NO_CASE: "Nobody may look without an open case for this person.",
    Reason.TOO_MANY: "Enough messages went to this address today.",
    Reason.SIGNAL: "Your browser sent an opt-out signal.",
    Reason.OPTED_OUT: "You told us not to.",
    Reason.NOT_CHOSEN: "You have not said yes to this.",
    Reason.SUPPLIED: "We have this from somebody else than you, and not for this.",
    Reason.TOO_YOUNG: "We do not do this for somebody so young.",
    Reason.NOT_KNOWN_THEN: "The policy did not name this when you gave it to us, and you have not said yes since.",
}
