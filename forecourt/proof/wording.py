"""What the public pages say about a sentence: made from the same objects that the doors obey, and never more than is known."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from forecourt.consent.models import Evidence
from forecourt.policy.policy import Action, Class, Hours, Need, Policy, Sentence, Use
from forecourt.policy.reasons import Reason
from forecourt.proof import registry
from forecourt.proof.evidence import Outcome, Record, State
from forecourt.web import outside
from forecourt.web.marks import Kind, Mark

_inline = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["replacements", "smartquotes"])

ACTIONS = {
    Action.EMAIL: "by email",
    Action.TEXT: "by text",
    Action.PUSH: "in the app",
    Action.POST: "by letter",
    Action.CALL: "by phone",
    Action.SHARE: "by passing it on",
    Action.COOKIE: "with a cookie",
    Action.TAG: "with a tag",
    Action.COLLECT: "by asking you",
    Action.READ: "by looking at it",
}
NEEDS = {
    Need.NOTHING: "it needs nothing more than that you use it",
    Need.CONSENT: "it needs your yes to that very booking, not taken back since",
    Need.REQUEST: "it needs that you asked for it, and have not said no since",
    Need.STOP: "it needs your stop, which it confirms once",
    Need.START: "it needs your START",
    Need.CASE: "it needs an open case for you",
    Need.YES: "it needs your yes to it, and no signal of your browser against it",
    Need.OPT_OUT: "it needs your no, which it passes on",
}
MEDIA = (Action.EMAIL, Action.TEXT, Action.PUSH, Action.POST, Action.CALL, Action.SHARE)

LINK = re.compile(r"(<a [^>]*>)(.*?)</a>", re.DOTALL)


def inline(text: str) -> SafeString:
    """Inline Markdown as HTML; raw HTML in it is shown, not obeyed."""
    return outside.marked(_inline.renderInline(text))  # the renderer escapes: html is off


def unlinked(html: str) -> SafeString:
    """The same words without their links, for where a press means something else already."""
    return mark_safe(LINK.sub(r"\2", html))  # noqa: S308  # it was safe, and only loses tags


def links_of(html: str) -> tuple[SafeString, ...]:
    return tuple(mark_safe(link[0]) for link in LINK.finditer(html))  # noqa: S308  # likewise


def plain(text: str) -> str:
    return "".join(
        token.content for part in _inline.parseInline(text) for token in part.children or () if token.content
    )


def clock(moment: datetime | None, now: datetime) -> str:
    """14:02 today, else the day as well; UTC, as the page says."""
    if moment is None:
        return "an unknown time"
    here = moment.astimezone(UTC)
    return f"{here:%H:%M}" if here.date() == now.astimezone(UTC).date() else f"{here:%B} {here.day}, {here:%H:%M}"


def day(moment: datetime) -> str:
    here = moment.astimezone(UTC)
    return f"{here:%B} {here.day}, {here.year}"


def mark(sentence: Sentence, record: Record | None, attested: "Attested | None") -> Mark:
    if sentence.kind is Class.INFORMATIVE:
        return Mark(Kind.INFORMS)
    if sentence.kind is Class.ATTESTED:
        return Mark(Kind.SIGNED, by=attested.by, until=attested.until) if attested else Mark(Kind.UNCHECKED)
    if record is None:
        return Mark(Kind.UNCHECKED)
    if record.state is State.REVIEW:
        return Mark(Kind.REVIEW, at=record.since)
    if record.state is State.CHECKED:
        return Mark(Kind.CHECKED, at=record.at)
    return Mark(Kind.UNCHECKED, at=record.since)


def class_words(
    sentence: Sentence, record: Record | None, attested: "Attested | None", now: datetime, *, pauses: bool
) -> str:
    """The one line that a class may claim. Checked, never proved."""
    if sentence.kind is Class.INFORMATIVE:
        return "Nothing to check: this sentence tells you how things are."
    if sentence.kind is Class.ATTESTED:
        if attested is None:
            return "A person has to sign this sentence, and nobody has yet."
        return f"Signed by {attested.by} on {attested.signed:%B} {attested.signed.day}, {attested.signed.year}; not checked by software."
    how = "Blocked in software unless permitted." if sentence.kind is Class.ENFORCED else "Visited as you would."
    if record is None or (record.state is State.UNCHECKED and record.since is None):
        return f"{how} Not checked yet."
    if record.state is State.UNCHECKED:
        return f"{how} Not checked since {clock(record.since, now)}."
    if record.state is State.REVIEW:
        paused = " What rests on it is paused." if record.closed_since and pauses else ""
        return f"Under review since {clock(record.since, now)}.{paused}"
    return f"{how} Checked {clock(record.at, now)}: no failure found."


def kept(policy: Policy, sentence: Sentence) -> SafeString:
    """How it is kept: the uses that rest on it and the words of the refusals that quote it."""
    if sentence.kind is Class.INFORMATIVE:
        return SafeString("")
    uses = [use for use in policy.uses.values() if sentence.id in use.rests_on]
    lines = use_lines([use for use in uses if use.action in MEDIA] or uses)
    refusals = [reason.sentence for reason in reasons(policy, sentence, uses)]
    if not lines and not refusals:
        return SafeString("By what the pages show and do. No use of your data rests on this sentence.")
    parts = (
        [format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line,) for line in lines)))] if lines else []
    )
    if refusals:
        quoted = "; ".join(f"“{words}”" for words in refusals)
        parts.append(format_html("<p>Anything else is refused, and the record says why: {}</p>", quoted))
    return format_html_join("", "{}", ((part,) for part in parts))


def use_lines(uses: Iterable[Use]) -> list[str]:
    """Uses of one manner and need together: "By text, within the hours for texts: to confirm ..., to remind ...; it needs ..."."""
    together: dict[tuple[str, str], list[str]] = {}
    for use in uses:
        hours = ", within the hours for texts" if use.hours is Hours.QUIET else ""
        together.setdefault((f"{ACTIONS[use.action]}{hours}", NEEDS[use.needs]), []).append(f"to {use.purpose}")
    return [
        f"{how[0].upper()}{how[1:]}: {'; '.join(purposes)}. For this {needs}."
        for (how, needs), purposes in together.items()
    ]


def reasons(policy: Policy, sentence: Sentence, uses: Iterable[Use]) -> list[Reason]:
    """The refusals that would quote this sentence, for one of the uses that rest on it."""
    found = []
    for reason, promises in policy.cites.items():
        if any(next((one for one in promises if one in use.rests_on), "") == sentence.id for use in uses):
            found.append(reason)
    return found


def last_check(record: Record | None, now: datetime) -> SafeString:
    """What each check did and found. A failure of security is not spelled out while it is unmended."""
    if record is None or not (record.rows or record.idle):
        return SafeString("")
    newest = {row.probe: row for row in record.rows}
    idle = {row.probe: row for row in record.idle}
    secret = registry.is_secret(record.promise)
    lines = []
    for probe in registry.probes([record.promise]):
        found = [found_words(newest[probe.name], secret, now)] if probe.name in newest else []
        if probe.name in idle:
            found.append(
                f"The check at {clock(idle[probe.name].at, now)} could not run, which says nothing either way."
            )
        if found:
            lines.append((probe.says, " ".join(found)))
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{} <em>{}</em></li>", lines))


def found_words(row: Evidence, secret: bool, now: datetime) -> str:
    looked = f"{row.looked_at:,} {'thing' if row.looked_at == 1 else 'things'} looked at"
    if row.outcome == Outcome.GREEN:
        return f"{clock(row.at, now)}: no failure found, {looked}."
    if secret:
        return f"{clock(row.at, now)}: under review."
    return f"{clock(row.at, now)}: {row.finding}{'' if row.finding.endswith('…') else '.'}"


class Attested:
    """A named role signed the sentence, until a day."""

    def __init__(self, by: str, signed: date, until: date) -> None:
        self.by, self.signed, self.until = by, signed, until
