"""What a browser that was told an age below 13 may send: what ends something, protects somebody, or keeps nothing. All else is
refused, so a form that is new is refused by itself.
"""

from django.http import HttpRequest

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# Pages that do nothing but ask: refused before anything is typed.
ASKS = frozenset({"interactions:book", "accounts:register", "accounts:ask_code", "programs:form"})
# What a child may send as well as anybody.
OPEN = frozenset(
    {
        # a no, or an answer about age, of which the first counts
        "rights:no", "rights:yes", "rights:age", "rights:message-no", "rights:message-yes", "rights:message-age",
        "accounts:no", "accounts:yes", "accounts:age", "rights:address", "rights:stop",
        # going, and taking with them what is there
        "accounts:sign_out", "accounts:end_session", "rights:cookie_deletion", "interactions:forget",
        "interactions:cancellation", "programs:withdrawal", "programs:request_withdrawal", "inquiries:withdrawal",
        "builds:deletion", "builds:no_link", "dealers:no_choice",
        # answered and not kept: whether a car is safe
        "recalls:recalls", "recalls:maintenance",
        # telling us of one's own data, so that it is erased
        "minors:report",
        # a parent's address, to ask them; and what the parent presses, on whichever device
        "minors:ask", "minors:consent_yes", "minors:consent_no", "minors:consent_here",
        # machines of carriers and of authorized agents, which have no age
        "messaging:incoming_text", "agents:exercise", "agents:exercise_as_before", "agents:request", "agents:agent",
    }
)  # fmt: skip

# How somebody whose account was reported, rightly or not, gets to us.
OPEN_TO_REPORTED = frozenset({"inquiries:contact"})


def is_asked(request: HttpRequest, name: str) -> bool:
    return name in ASKS or (request.method not in SAFE and name not in OPEN)
