"""uses.toml: what a version of the policy permits, and what it forbids whatever else it says.

[test-drive-lead]                 a use; its keys are the fields of `Use`
[recipients.mail-carrier]         who gets data, or carries it for us
[suppliers.lark-registry]         who gives us data about people
[contracts.dealer-2026]           the terms that such a contract must hold
[cookies.staff_session]           a cookie that may be set
[[never]]                         a sentence that narrows every use
[cites]                           reason = the promises that such a refusal quotes, the first that the use rests on
[brand]                           where the brand is stricter than the law
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from forecourt.policy import outside
from forecourt.policy.categories import is_known
from forecourt.policy.policy import (
    Action,
    BrandRules,
    Cookie,
    CookieReason,
    Hours,
    Kind,
    Need,
    Never,
    Recipient,
    Supplier,
    Supply,
    Switch,
    Use,
)
from forecourt.policy.problems import Problems, read, tables
from forecourt.policy.reasons import Reason

Word = TypeVar("Word", bound=StrEnum)

TABLE = re.compile(r"\s*\[(\[)?\s*([^\]]+?)\s*\]")
KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
USE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RESERVED = ("recipients", "suppliers", "contracts", "cookies", "never", "cites", "brand")


@dataclass(frozen=True, slots=True)
class Uses:
    uses: dict[str, Use]
    recipients: dict[str, Recipient]
    suppliers: dict[str, Supplier]
    contracts: dict[str, frozenset[str]]
    cookies: dict[str, Cookie]
    never: tuple[Never, ...]
    cites: dict[Reason, tuple[str, ...]]
    brand: BrandRules


def parse(path: Path) -> Uses:
    """What uses.toml says; BrokenPack with all its problems otherwise."""
    return parse_text(read(path), path)


def parse_text(text: str, path: Path) -> Uses:
    problems = Problems(path)
    rows = tables(text, path)
    lines = _lines(text)
    named = _Rows(lines, problems)
    recipients = {code: _recipient(code, row) for code, row in named.tables(rows, "recipients")}
    contracts = {name: _contract(row) for name, row in named.tables(rows, "contracts")}
    cookies = {name: _cookie(name, row) for name, row in named.tables(rows, "cookies")}
    never = tuple(_never(row) for row in named.array(rows, "never"))
    cites = _cites(named.row(rows.get("cites", {}), "cites"))
    brand = _brand(named.row(rows.get("brand", {}), "brand"))
    uses = {}
    for name in (name for name in rows if name not in RESERVED):
        row = named.row(rows[name], name)
        if not USE_ID.fullmatch(name):
            row.wrong("", f"{name!r} is no use id; write small words with - between them")
        uses[name] = _use(name, row)
    suppliers = {code: _supplier(code, row, uses) for code, row in named.tables(rows, "suppliers")}
    for use in uses.values():
        _names_what_exists(use, recipients, contracts, problems)
    for recipient in recipients.values():
        if recipient.contract and recipient.contract not in contracts:
            problems.add(
                recipient.line, f"{recipient.code} names no known contract; add [contracts.{recipient.contract}]"
            )
    problems.stop_if_any()
    return Uses(uses, recipients, suppliers, contracts, cookies, never, cites, brand)


def _use(name: str, row: "Row") -> Use:
    use = Use(
        id=name,
        purpose=row.text("purpose", required=True),
        action=row.word("action", Action, Action.READ, required=True),
        rests_on=row.words("rests_on", required=True),
        about=row.text("about"),
        to=row.text("to"),
        through=row.text("through"),
        data=row.categories("data"),
        needs=row.word("needs", Need, Need.NOTHING, required=True),
        hours=row.word("hours", Hours, Hours.ANY),
        contract=row.text("contract"),
        switches=row.chosen("switches", Switch),
        src=row.text("src"),
        outlives=row.flag("outlives"),
        closes=row.flag("closes"),
        keep=row.text("keep", required=True),
        line=row.line(),
    )
    row.done()
    if use.action is Action.SHARE and not (use.to and use.contract):
        row.wrong("", "a share says to whom and under which contract; add to = and contract =")
    if use.action is Action.TAG and not (use.to and use.contract and use.src):
        row.wrong("", "a tag says whose it is, under which contract and from where; add to =, contract = and src =")
    if use.to and use.action not in (Action.SHARE, Action.TAG):
        row.wrong("to", "only a share or a tag has a recipient; a carrier belongs in through =")
    if use.needs in (Need.YES, Need.OPT_OUT) and not use.switches:
        row.wrong("needs", f"{use.needs!r} says to what; add switches = with some of: {', '.join(Switch)}")
    return use


def _recipient(code: str, row: "Row") -> Recipient:
    recipient = Recipient(
        code=code,
        kind=row.word("kind", Kind, Kind.SERVICE_PROVIDER, required=True),
        purpose=row.text("purpose", required=True),
        name=row.text("name"),
        chosen=row.flag("chosen"),
        hosts=row.words("hosts"),
        endpoint=row.text("endpoint"),
        preferences=row.text("preferences"),
        member=row.text("member"),
        contract=row.text("contract"),
        terms=frozenset(row.words("terms")),
        starts=row.day("starts"),
        ends=row.day("ends"),
        line=row.line(),
    )
    row.done()
    if recipient.kind is not Kind.DEALER and not (recipient.contract and recipient.starts and recipient.ends):
        row.wrong(
            "",
            f"{recipient.code} ({recipient.kind}) has its contract here; add contract =, terms =, starts = and ends =",
        )
    if recipient.kind is not Kind.DEALER and recipient.chosen:
        row.wrong("chosen", "a visitor chooses a dealer alone; remove chosen")
    if recipient.kind not in (Kind.DEALER, Kind.SERVICE_PROVIDER) and not recipient.name:
        row.wrong("name", "people read this name on the list of partners; add name =")
    if recipient.kind is Kind.COOP and not recipient.preferences:
        row.wrong("preferences", "a co-op has a page where people choose; add preferences = with its address")
    if recipient.endpoint and urlsplit(recipient.endpoint).scheme != "https":
        row.wrong("endpoint", "endpoint is a whole address that begins with https://")
    if recipient.preferences and (says := outside.objection(recipient.preferences)):
        row.wrong("preferences", f"our pages link there: {says}")
    if recipient.endpoint and urlsplit(recipient.endpoint).netloc not in recipient.hosts:
        row.wrong("endpoint", "endpoint lies on a host that hosts = does not name")
    return recipient


def _supplier(code: str, row: "Row", uses: Mapping[str, Use]) -> Supplier:
    supplier = Supplier(
        code=code,
        kind=row.word("kind", Supply, Supply.LIST, required=True),
        name=row.text("name", required=True),
        purpose=row.text("purpose", required=True),
        data=row.categories("data"),
        uses=row.words("uses", required=True),
        rests_on=row.words("rests_on", required=True),
        line=row.line(),
    )
    row.done()
    for name in supplier.uses:
        if name not in uses:
            row.wrong("uses", f"{name} is no use; add [{name}]")
        elif supplier.kind is Supply.VEHICLE_RECORDS and uses[name].switches:
            # 18 U.S.C. 2721(b)(12): marketing only with the express consent of the person (R-DP-01).
            row.wrong("uses", f"{name} is marketing, which motor vehicle records may not serve; remove it")
    return supplier


def _contract(row: "Row") -> frozenset[str]:
    terms = frozenset(row.words("terms", required=True))
    row.done()
    return terms


def _cookie(name: str, row: "Row") -> Cookie:
    lifetime = row.take("lifetime", (int, str), 'the word "session" or a number of days', required=True)
    if isinstance(lifetime, str) and lifetime != "session":
        row.wrong("lifetime", 'lifetime is "session" or a number of days')
    cookie = Cookie(
        name=name,
        setter=row.text("setter", required=True),
        purpose=row.text("purpose", required=True),
        lifetime=lifetime if isinstance(lifetime, int) else None,
        category=row.text("category", required=True),
        path=row.text("path", required=True),
        rests_on=row.words("rests_on", required=True),
        reason=row.word("reason", CookieReason, CookieReason.SIGN_IN, required=True),
        switch=row.word("switch", Switch, Switch.SALE) if row.has("switch") else None,
        host=row.text("host"),
        when=row.text("when"),
        without=row.text("without"),
        line=row.line(),
    )
    row.done()
    return cookie


def _never(row: "Row") -> Never:
    action = row.word("action", Action, Action.READ) if row.has("action") else ""
    never = Never(
        promise=row.text("promise", required=True),
        action=action,
        to=row.text("to"),
        about=row.text("about"),
        data=row.categories("data"),
        source=row.text("source"),
        line=row.line(),
    )
    row.done()
    if not (never.action or never.to or never.data or never.source):
        row.wrong("", "this forbids everything; name an action, a recipient, data or a source")
    return never


def _cites(row: "Row") -> dict[Reason, tuple[str, ...]]:
    cites = {}
    for name in list(row.values):
        if name in set(Reason):
            cites[Reason(name)] = row.words(name)
    row.done(expected=Reason)
    return cites


def _brand(row: "Row") -> BrandRules:
    scope = row.text("stop_scope") or None
    if scope not in (None, "law", "all"):
        row.wrong("stop_scope", 'stop_scope is "law" or "all" (every STOP ends every kind of text)')
    rules = BrandRules(scope, row.clock("quiet_before"), row.clock("quiet_after"))
    row.done()
    return rules


def _names_what_exists(
    use: Use, recipients: Mapping[str, Recipient], contracts: Mapping[str, object], problems: Problems
) -> None:
    for key, code in (("to", use.to), ("through", use.through)):
        if code and code not in recipients:
            problems.add(use.line, f"{use.id}: {key} = {code!r} names no recipient; add [recipients.{code}]")
    if use.contract and use.contract not in contracts:
        problems.add(use.line, f"{use.id}: contract = {use.contract!r} is unknown; add [contracts.{use.contract}]")
    if use.src and use.to in recipients:
        address = urlsplit(use.src)
        if address.scheme != "https" or address.netloc not in recipients[use.to].hosts:
            problems.add(use.line, f"{use.id}: src = {use.src!r} is no https:// address on a host of {use.to}")
    if use.through in recipients and recipients[use.through].kind is not Kind.SERVICE_PROVIDER:
        problems.add(use.line, f"{use.id}: through = {use.through!r} is no service provider; use to = for others")


def _lines(text: str) -> dict[tuple[str, str], int]:
    """Where each table and each key of it stands; the tables of an array are numbered: never.0, never.1."""
    lines: dict[tuple[str, str], int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := TABLE.match(line):
            table = re.sub(r"\s*\.\s*", ".", header[2].replace('"', ""))
            if header[1]:
                counts[table] = counts.get(table, -1) + 1
                table = f"{table}.{counts[table]}"
            lines.setdefault((table, ""), number)
        elif key := KEY.match(line):
            lines.setdefault((table, key[1]), number)
    return lines


class _Rows:
    """Hands out the tables of one file, each knowing its lines."""

    def __init__(self, lines: dict[tuple[str, str], int], problems: Problems) -> None:
        self.lines = lines
        self.problems = problems

    def row(self, values: object, name: str) -> "Row":
        row = Row(dict(values) if isinstance(values, dict) else {}, name, self.lines, self.problems)
        if not isinstance(values, dict):
            self.problems.add(
                self.lines.get(("", name), 1), f"{name} belongs in a table; write [{name}] above its keys"
            )
        return row

    def tables(self, rows: Mapping[str, Any], name: str) -> list[tuple[str, "Row"]]:
        group = rows.get(name, {})
        if not isinstance(group, dict):
            self.problems.add(1, f"write [{name}.some-name], not {name} alone")
            return []
        return [(key, self.row(values, f"{name}.{key}")) for key, values in group.items()]

    def array(self, rows: Mapping[str, Any], name: str) -> list["Row"]:
        group = rows.get(name, [])
        if not isinstance(group, list):
            self.problems.add(self.lines.get((name, ""), 1), f"write [[{name}]] with two brackets")
            return []
        return [self.row(values, f"{name}.{number}") for number, values in enumerate(group)]


class Row:
    """One table. Each value is taken once by its name and kind; what is left over at the end was misspelt."""

    def __init__(
        self, values: dict[str, Any], name: str, lines: dict[tuple[str, str], int], problems: Problems
    ) -> None:
        self.values = values
        self.name = name
        self.lines = lines
        self.problems = problems
        self.taken: set[str] = set()

    def line(self, key: str = "") -> int:
        return self.lines.get((self.name, key)) or self.lines.get((self.name, "")) or 1

    def wrong(self, key: str, says: str) -> None:
        self.problems.add(self.line(key), f"[{self.name}] {says}")

    def has(self, key: str) -> bool:
        return key in self.values

    def take(self, key: str, kinds: tuple[type, ...], what: str, required: bool = False) -> Any:
        self.taken.add(key)
        value = self.values.get(key)
        if value is None or value == "" or value == []:
            if required:
                self.wrong(key, f"{key} is missing; add {key} = {what}")
            return None
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            self.wrong(key, f"{key} is {what}")
            return None
        return value

    def text(self, key: str, required: bool = False) -> str:
        return self.take(key, (str,), "a text in quotes", required) or ""

    def flag(self, key: str) -> bool:
        return bool(self.take(key, (bool,), "true or false"))

    def words(self, key: str, required: bool = False) -> tuple[str, ...]:
        value = self.take(key, (list,), "a list of texts", required) or []
        if not all(isinstance(word, str) for word in value):
            self.wrong(key, f"{key} is a list of texts")
            return ()
        if len(set(value)) < len(value):
            self.wrong(key, f"{key} names something twice; keep one")
        return tuple(value)

    def categories(self, key: str) -> tuple[str, ...]:
        for category in (found := self.words(key)):
            if not is_known(category):
                self.wrong(key, f"{category!r} is no known category of data; see forecourt/policy/categories.py")
        return found

    def word(self, key: str, words: type[Word], default: Word, required: bool = False) -> Word:
        value = self.take(key, (str,), "a text in quotes", required)
        if value is None:
            return default
        if value not in set(words):
            self.wrong(key, f"{key} = {value!r} is none of: {', '.join(words)}")
            return default
        return words(value)

    def chosen(self, key: str, words: type[Word]) -> tuple[Word, ...]:
        found = self.words(key)
        for one in found:
            if one not in set(words):
                self.wrong(key, f"{key}: {one!r} is none of: {', '.join(words)}")
        return tuple(words(one) for one in found if one in set(words))

    def day(self, key: str) -> datetime | None:
        value = self.take(key, (date,), "a day (2026-12-15, without quotes)")
        return datetime(value.year, value.month, value.day, tzinfo=UTC) if value else None

    def clock(self, key: str) -> time | None:
        value: time | None = self.take(key, (time,), "a time (09:00:00, without quotes)")
        return value

    def done(self, expected: Iterable[str] = ()) -> None:
        for key in self.values:
            if key not in self.taken:
                known = ", ".join(sorted(expected or self.taken))
                self.wrong(key, f"{key} is unknown here; it takes {known}")
