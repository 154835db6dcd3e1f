"""The policy's cookies as a page shows them, by the reason why each may be set at all."""

from dataclasses import dataclass

from forecourt.policy.policy import Cookie, CookieReason, Policy

HOLDS = {
    "user.device.cookie": "a word or two, no number",
    "user.device.cookie_id": "a random number",
    "user.privacy_preferences": "your choices, no number",
    "user.account.username": "the login name",
}


@dataclass(frozen=True, slots=True)
class Row:
    cookie: Cookie
    holds: str


@dataclass(frozen=True, slots=True)
class Group:
    reason: CookieReason
    rows: tuple[Row, ...]


def by_reason(policy: Policy) -> tuple[Group, ...]:
    """Every cookie once, reasons in the order of the policy's own words; a reason without a cookie is left out."""
    groups = (Group(reason, tuple(rows_of(policy, reason))) for reason in CookieReason)
    return tuple(group for group in groups if group.rows)


def rows_of(policy: Policy, reason: CookieReason) -> list[Row]:
    declared = (cookie for cookie in policy.cookies.values() if cookie.reason is reason)
    return [Row(cookie, HOLDS.get(cookie.category, cookie.category)) for cookie in declared]
