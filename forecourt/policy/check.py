"""Drift is an error: does the policy say what the software does, and the software keep what the policy says?

`check` compares a book with an `Inventory` of what was found in code. What nobody collected (None) is not judged, and
`Report.skipped` says so. Findings are what a revision mends; what merely runs out with time (a carrier's contract) is for
decide() and the probes, so that the passing of a day never stops a start.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forecourt.policy import limits
from forecourt.policy.book import PolicyBook
from forecourt.policy.categories import is_covered, is_known
from forecourt.policy.conflicts import conflicts
from forecourt.policy.policy import Action, Class, Kind, Need, Policy

REACHES_SOMEBODY = (Action.EMAIL, Action.TEXT, Action.PUSH, Action.POST, Action.CALL, Action.SHARE)
CHECKED = (Class.ENFORCED, Class.OBSERVED)


class Level(StrEnum):
    ERROR = "error"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement: `what` is wrong, `where` to look, `mend` what to add or remove."""

    code: str
    what: str
    where: str
    mend: str
    level: Level = Level.ERROR

    def __str__(self) -> str:
        return f"{self.where}: {self.level} {self.code}: {self.what}; {self.mend}"


@dataclass(frozen=True, slots=True)
class Found:
    """A name and the place where the code has it ("forecourt/web/urls.py:12")."""

    name: str
    where: str


@dataclass(frozen=True, slots=True)
class PersonalField:
    """A model field (or the vault's field) that holds personal data. `category` "" means that nobody classed it."""

    name: str
    category: str
    where: str


@dataclass(frozen=True, slots=True)
class FormField:
    """A field that a page asks for, and the use for which it asks."""

    name: str
    category: str
    use: str
    where: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """What the code does, as its collectors found it. None: not collected."""

    uses: tuple[Found, ...] | None = None
    fields: tuple[PersonalField, ...] | None = None
    forms: tuple[FormField, ...] | None = None
    cookies: tuple[Found, ...] | None = None
    hosts: tuple[Found, ...] | None = None
    probes: Mapping[str, str] | None = None
    mutants: Mapping[str, str] | None = None
    unerased: tuple[Found, ...] | None = None
    open_routes: tuple[Found, ...] | None = None
    gone_routes: tuple[Found, ...] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    findings: tuple[Finding, ...]
    skipped: tuple[str, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.ERROR)


def check(book: PolicyBook, inventory: Inventory, now: datetime) -> Report:
    """Every disagreement between the code and the version in force or to come. `now` (aware) picks the versions."""
    live = book.live(now)
    found: list[Finding] = []
    if now < live[0].effective:
        mend = f"let a version take effect, or wait for {live[0].version}"
        found.append(Finding("nothing-in-force", "no version is in force", live[0].document_path, mend))
    for policy in live:
        found += _document(policy, now)
        if inventory.probes is not None:
            found += _unguarded(policy, inventory.probes, "probe")
        if inventory.mutants is not None:
            found += _unguarded(policy, inventory.mutants, "mutant")
    for kind, guards in (("probe", inventory.probes), ("mutant", inventory.mutants)):
        found += _guards_of_nothing(live, guards or {}, kind)
    found += _uses(live, inventory.uses)
    found += _fields(live, inventory.fields)
    found += _forms(live, inventory.forms)
    found += _cookies(live, inventory.cookies)
    found += _hosts(live, inventory.hosts)
    found += _unerased(inventory.unerased)
    found += _routes(inventory.open_routes, inventory.gone_routes)
    skipped = tuple(name for name in Inventory.__dataclass_fields__ if getattr(inventory, name) is None)
    return Report(tuple(dict.fromkeys(found)), skipped)


def _unerased(models: Iterable[Found] | None) -> Iterator[Finding]:
    for model in models or ():
        yield Finding(
            "unerased",
            f"{model.name} holds personal data, and no part of an erasure answers for it",
            model.where,
            'name it in the covers of its room\'s erasing.py, or say why it stays: stays = "..."',
        )


def _document(policy: Policy, now: datetime) -> Iterator[Finding]:
    """What one version alone gets wrong."""
    for conflict in conflicts(policy):
        yield Finding(
            "conflict",
            conflict.says,
            f"{policy.uses_path}:{conflict.use.line}",
            "narrow the use, or drop it" if conflict.wholly else "narrow the use to make them agree",
            Level.ERROR if conflict.wholly else Level.NOTE,
        )
    for use in policy.uses.values():
        where = f"{policy.uses_path}:{use.line}"
        if use.action in REACHES_SOMEBODY and use.needs is Need.NOTHING:
            yield Finding("unasked", f"{use.id} reaches somebody and needs nothing", where, "give it a needs =")
        if use.closes and use.needs in (Need.STOP, Need.START, Need.CASE, Need.OPT_OUT):
            yield Finding("closes", f"{use.id} answers somebody and must never close", where, "remove closes = true")
    yield from _contracts(policy, now)
    yield from _brand(policy, now)
    resting = {promise for use in policy.uses.values() for promise in use.rests_on}
    for use in policy.uses.values():
        informs = [promise for promise in use.rests_on if policy.sentences[promise].kind is Class.INFORMATIVE]
        if informs and len(informs) == len(use.rests_on):
            yield Finding(
                "rests-on-air",
                f"{use.id} rests only on sentences that inform ({', '.join(informs)})",
                f"{policy.uses_path}:{use.line}",
                "add a sentence that somebody can check",
            )
    for reason, promises in policy.cites.items():
        for promise in promises:
            if promise not in resting:
                says = f"{reason} would quote {promise}, on which no use rests"
                yield Finding("cites", says, policy.uses_path, f"remove {promise} from [cites] or add it to a rests_on")


def _contracts(policy: Policy, now: datetime) -> Iterator[Finding]:
    used = {use.to for use in policy.uses.values()} | {use.through for use in policy.uses.values()}
    for recipient in policy.recipients.values():
        where = f"{policy.uses_path}:{recipient.line}"
        if recipient.code not in used:
            yield Finding("idle-recipient", f"no use names {recipient.code}", where, "remove it, or name it in a use")
        required = policy.contracts.get(recipient.contract, frozenset())
        if lacking := limits.required_terms(recipient.kind, now) - required:
            yield Finding(
                "contract-form",
                f"the law wants more of a {recipient.kind} than {recipient.contract or 'no contract'} does",
                where,
                f"add {_listed(lacking)} to [contracts.{recipient.contract}]",
            )
        if recipient.kind is Kind.SERVICE_PROVIDER and (lacking := required - recipient.terms):
            says = f"the contract with {recipient.code} lacks {_listed(lacking)}, so nothing would leave through it"
            yield Finding("contract-term", says, where, "renew the contract and add the terms")


def _brand(policy: Policy, now: datetime) -> Iterator[Finding]:
    window = limits.text_hours(policy, now)
    for name, asked, obeyed in (
        ("quiet_before", policy.brand.quiet_before, window.opens),
        ("quiet_after", policy.brand.quiet_after, window.closes),
    ):
        if asked is not None and asked != obeyed:
            says = f"{name} {asked:%H:%M} is looser than the law's {obeyed:%H:%M}, which binds"
            yield Finding("looser-than-law", says, policy.uses_path, f"remove {name} from [brand]")


def _unguarded(policy: Policy, guards: Mapping[str, str], kind: str) -> Iterator[Finding]:
    for sentence in policy.sentences.values():
        if sentence.kind in CHECKED and sentence.id not in guards:
            yield Finding(
                f"no-{kind}",
                f"{sentence.id} is {sentence.kind} but has no {kind}",
                f"{policy.document_path}:{sentence.line}",
                f'add a {kind} of "{sentence.id}" in forecourt/proof, or write [{sentence.id} informs]',
            )


def _guards_of_nothing(live: Iterable[Policy], guards: Mapping[str, str], kind: str) -> Iterator[Finding]:
    written = {id for policy in live for id in policy.sentences}
    for promise, where in guards.items():
        if promise not in written:
            says = f"a {kind} checks {promise}, which no sentence promises"
            yield Finding(f"{kind}-of-nothing", says, where, f"add [{promise}] to policy.md or remove the {kind}")


def _uses(live: tuple[Policy, ...], found: tuple[Found, ...] | None) -> Iterator[Finding]:
    if found is None:
        return
    declared = {use for policy in live for use in policy.uses}
    for use in found:
        if use.name not in declared:
            mend = f"add [{use.name}] to {_every(live)}, and a sentence that it rests on"
            yield Finding(
                "undeclared-use", f"the code does {use.name}, which the policy does not name", use.where, mend
            )
    built = {use.name for use in found}
    for row in live[0].uses.values():
        if row.id not in built:
            says = f"the policy permits {row.id}, which no code does"
            yield Finding("idle-use", says, f"{live[0].uses_path}:{row.line}", "remove it until something needs it")


def _fields(live: tuple[Policy, ...], found: tuple[PersonalField, ...] | None) -> Iterator[Finding]:
    if found is None:
        return
    declared = _declared(live)
    for field in found:
        if not field.category:
            says = f"{field.name} may hold personal data and has no category"
            yield Finding("unclassed-field", says, field.where, "name its category, or say that it is not personal")
        elif not is_known(field.category):
            says = f"{field.name} is classed {field.category!r}, which is no category"
            yield Finding("unknown-category", says, field.where, "use a name from forecourt/policy/categories.py")
        elif not is_covered(field.category, declared):
            says = f"{field.name} holds {field.category}, which no use names"
            mend = f"add {field.category!r} to the data of a use in {_every(live)}, or do not keep it"
            yield Finding("undeclared-field", says, field.where, mend)


def _forms(live: tuple[Policy, ...], found: tuple[FormField, ...] | None) -> Iterator[Finding]:
    for field in found or ():
        rows = [(policy, policy.uses[field.use]) for policy in live if field.use in policy.uses]
        if not rows:
            says = f"{field.name} is asked for {field.use or 'no use'}, which the policy does not name"
            yield Finding("undeclared-form", says, field.where, f"add [{field.use}] to {_every(live)}")
        elif not any(is_covered(field.category, row.data) for _, row in rows):
            says = f"{field.name} asks for {field.category}, which {field.use} does not name"
            places = " and ".join(f"{policy.uses_path}:{row.line}" for policy, row in rows)
            mend = f"add {field.category!r} to {places}, or do not ask"
            yield Finding("undeclared-question", says, field.where, mend)


def _cookies(live: tuple[Policy, ...], found: tuple[Found, ...] | None) -> Iterator[Finding]:
    if found is None:
        return
    declared = {name for policy in live for name in policy.cookies}
    for cookie in found:
        if cookie.name not in declared:
            says = f"the code sets the cookie {cookie.name}, which nobody declared"
            mend = f"add [cookies.{cookie.name}] to {_every(live)}, or do not set it"
            yield Finding("undeclared-cookie", says, cookie.where, mend)
    for row in live[0].cookies.values():
        if not row.host and row.name not in {cookie.name for cookie in found}:
            says = f"no code was seen to set the cookie {row.name}"
            where = f"{live[0].uses_path}:{row.line}"
            yield Finding("idle-cookie", says, where, "remove it unless a script sets it", Level.NOTE)


def _hosts(live: tuple[Policy, ...], found: tuple[Found, ...] | None) -> Iterator[Finding]:
    declared = {host for policy in live for recipient in policy.recipients.values() for host in recipient.hosts}
    for host in found or ():
        if host.name not in declared:
            mend = f"add it to the hosts of a recipient in {_every(live)}, or do not call it"
            yield Finding("undeclared-host", f"the code calls {host.name}, which no recipient has", host.where, mend)


def _routes(unlisted: tuple[Found, ...] | None, gone: tuple[Found, ...] | None) -> Iterator[Finding]:
    """Addresses of the site, and the list of who gets to them."""
    for route in unlisted or ():
        says = f"nobody has said who gets to /{route.name}"
        yield Finding("unlisted-route", says, route.where, "add it under a rule in forecourt/proof/access.toml")
    for route in gone or ():
        yield Finding("gone-route", f"there is no address {route.name} any more", route.where, "remove it")


def _declared(live: Iterable[Policy]) -> set[str]:
    uses = {category for policy in live for use in policy.uses.values() for category in use.data}
    return uses | {cookie.category for policy in live for cookie in policy.cookies.values()}


def _every(live: Iterable[Policy]) -> str:
    """What holds now belongs into the version in force and into all that are to come, else it would end with the next one."""
    return " and ".join(policy.uses_path for policy in live)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
