"""What a visitor's own browser asked for and kept, held against the policy: hosts, cookies, anything else stored.

Findings are sentences for the public page: they name kinds of things, never whom or what was planted.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from urllib.parse import urlsplit

from forecourt.adapters import origins
from forecourt.policy.policy import Cookie as Declared
from forecourt.policy.policy import Policy, Switch, Use
from forecourt.proof.window import Cookie, Visit

DAY = 86_400
# A browser rounds a cookie's end, and a page takes its time.
SLACK = 120


def surplus_hosts(visit: Visit, uses: Collection[Use], policy: Policy) -> set[str]:
    """Hosts that a page turned to, beside ours and those of the partners whose tags are allowed in it."""
    return visit.strangers() - {host for use in uses for host in hosts_of(policy, use)}


def hosts_of(policy: Policy, use: Use) -> set[str]:
    """As a browser meets them: in the demo every partner is this machine under other names."""
    return {urlsplit(origins.origin(host)).netloc for host in policy.recipients[use.to].hosts}


def partners_met(visit: Visit, policy: Policy) -> set[str]:
    """The hosts of recipients that pages turned to, as the policy names them."""
    met = visit.strangers()
    hosts = {host for recipient in policy.recipients.values() for host in recipient.hosts}
    return {host for host in hosts if urlsplit(origins.origin(host)).netloc in met}


def surplus_cookies(
    visit: Visit, policy: Policy, now: datetime, yes: Collection[Switch] = (), besides: Collection[str] = ()
) -> Iterator[str]:
    """What is wrong with each cookie that the browser keeps. `now` is the browser's own clock; `besides` may be there by now."""
    for cookie in visit.cookies():
        row = declared(policy, cookie)
        if row is None:
            yield "a browser was left with a cookie that no list of ours names"
        elif row.switch is not None and row.switch not in yes:
            yield "a browser was left with a cookie for which there was no yes"
        elif besides and cookie.name not in besides:
            yield "a browser was left with a cookie that nothing in this visit needs"
        else:
            yield from differences(cookie, row, now)


def declared(policy: Policy, cookie: Cookie) -> Declared | None:
    row = policy.cookies.get(cookie.name)
    if row is None:
        return None
    theirs = urlsplit(origins.origin(row.host)).hostname if row.host else ""
    return row if theirs == cookie.host else None


def differences(cookie: Cookie, row: Declared, now: datetime) -> Iterator[str]:
    if row.lifetime is None and cookie.ends is not None:
        yield "a cookie that should go with the browser stays after it"
    if (
        row.lifetime is not None
        and cookie.ends is not None
        and cookie.ends > now.timestamp() + row.lifetime * DAY + SLACK
    ):
        yield "a cookie stays longer than the list says"
    if not cookie.path.rstrip("/").startswith(row.path.rstrip("/")):
        yield "a cookie reaches further than the list says"


def stored(visit: Visit) -> Iterator[str]:
    if visit.stored():
        yield "a page left something in the browser's own storage"
