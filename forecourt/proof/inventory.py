"""What the code does, collected for `policy.check`: uses, fields, questions, cookies, hosts, probes and mutants.

The code is read, not believed: names are found in its syntax tree and in Django's registry. What a machine cannot know, which
kind of data a column holds, stands in holdings.toml; a column or a form's field that it lacks is a finding.
"""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.apps import apps
from django.conf import settings
from django.db import models

from forecourt.consent import policies
from forecourt.people import erasing
from forecourt.policy.categories import is_known
from forecourt.policy.check import FormField, Found, Inventory, PersonalField
from forecourt.policy.policy import Action
from forecourt.proof import access, registry
from forecourt.traffic import tags as placed_tags

PACKAGE = Path(__file__).resolve().parent.parent
HOLDINGS = Path(__file__).with_name("holdings.toml")
SILENT = (
    models.AutoField,
    models.BigAutoField,
    models.IntegerField,
    models.BooleanField,
    models.FloatField,
    models.DecimalField,
    models.DateField,
    models.TimeField,
    models.DurationField,
    models.UUIDField,
    models.ForeignKey,
)
# Where a use is named: the first word of these calls, or these keywords of any.
CALLS = {"queue", "queue_lead", "find_use", "_queue", "_queue_some", "_answer"}
KEYWORDS = {"use", "use_id"}
# Where a cookie is named, and which word of the call is its name; the one setter of ours gets its names from those.
COOKIE_CALLS = {"set_cookie": 0, "set_signed_cookie": 0, "set_declared": 1}
COOKIE_SETTER = PACKAGE / "web" / "cookies.py"
USE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")


def collect() -> Inventory:
    return Inventory(
        uses=tuple(uses()),
        fields=tuple(fields()),
        forms=tuple(questions()),
        cookies=tuple(cookies()),
        hosts=tuple(hosts()),
        probes={probe.promise: where(probe.check) for probe in registry.probes()},
        mutants={mutant.promise: where(mutant.replace) for mutant in registry.mutants()},
        unerased=tuple(unerased()),
        open_routes=tuple(access.unlisted()),
        gone_routes=tuple(access.gone()),
    )


@cache
def holdings() -> dict[str, Any]:
    return tomllib.loads(HOLDINGS.read_text("utf-8"))


def uses() -> Iterator[Found]:
    """Every use that the code names: whole, or by the parts that its name is put together from ("…-{channel}")."""
    declared = {use for policy in policies.book().versions for use in policy.uses}
    for file, tree in sources():
        doors = set() if ours_to_break(file) else {id(node) for node in at_doors(tree)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if node.value in declared or (id(node) in doors and USE_ID.fullmatch(node.value)):
                    yield Found(node.value, place(file, node.lineno))
            elif isinstance(node, ast.JoinedStr):
                pattern = "".join(
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z-]+" for part in node.values
                )
                fitting = sorted(use for use in declared if "-" in pattern and re.fullmatch(pattern, use))
                shown = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
                named = fitting or ([shown] if id(node) in doors else [])
                yield from (Found(use, place(file, node.lineno)) for use in named)
    # No code names a tag: whichever the policy has is placed by its permission.
    tags = {use.id for policy in policies.book().versions for use in policy.uses.values() if use.action is Action.TAG}
    yield from (Found(use, where(placed_tags.allowed)) for use in sorted(tags))
    for name, row in (*holdings()["models"].items(), *holdings()["forms"].items()):
        yield from (Found(use, line_of(name)) for use in row.get("uses", ()))


def ours_to_break(file: Path) -> bool:
    """Checks and mutants name what must not happen."""
    return file.is_relative_to(PACKAGE / "proof")


def at_doors(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in CALLS and node.args:
                yield node.args[0]
            yield from (keyword.value for keyword in node.keywords if keyword.arg in KEYWORDS)


def fields() -> Iterator[PersonalField]:
    """Every column that can hold words, and every field that the vault seals."""
    known = holdings()["models"]
    for model in apps.get_models(include_auto_created=True):
        row = known.get(model._meta.label)
        if row is not None and "nothing" in row:
            continue
        none = set(row.get("none", ())) if row else set()
        personal = row.get("holds", {}) if row else {}
        for field in model._meta.local_concrete_fields:
            name = f"{model._meta.label}.{field.name}"
            for category in personal.get(field.name, ()):
                yield PersonalField(name, category, line_of(model._meta.label))
            if field.name not in personal and field.name not in none and not is_silent(field):
                yield PersonalField(name, "", f"{where(model)} (declare it in {short(HOLDINGS)})")
    for file, tree in sources():
        if file.is_relative_to(PACKAGE / "policy") or ours_to_break(file):
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and "." in node.value
                and is_known(node.value)
            ):
                yield PersonalField(f"the vault's {node.value}", node.value, place(file, node.lineno))


def unerased() -> Iterator[Found]:
    """Models that hold something of people and that no room's part of an erasure covers, unless the list says why they stay."""
    for label, row in holdings()["models"].items():
        if row.get("holds") and "stays" not in row and label not in erasing.covered():
            yield Found(label, line_of(label))


def is_silent(field: models.Field) -> bool:
    """Numbers, times, keys and random ids say nothing by themselves; what they belong to is declared there."""
    return isinstance(field, SILENT)


def questions() -> Iterator[FormField]:
    """What visitors' forms ask."""
    known = holdings()["forms"]
    for form in visitor_forms():
        name = f"{form.__module__}.{form.__name__}"
        row = known.get(name, {"uses": [""], "asks": {}})
        for field in form.base_fields:
            if field in row.get("none", ()):
                continue
            for category in row["asks"].get(field, [""]):
                yield FormField(f"{name}.{field}", category, row["uses"][0], where(form))


def visitor_forms() -> list[type[forms.Form]]:
    """Every form class of ours outside the staff's rooms."""
    return form_classes(but=("console", "pages", "proof", "run"))


def form_classes(*, but: tuple[str, ...]) -> list[type[forms.Form]]:
    """Every form class outside these rooms and the page of patterns, which nobody is served."""
    found = []
    for file, tree in sources():
        room = file.relative_to(PACKAGE).parts[0]
        if room in but or file == PACKAGE / "web" / "patterns.py":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                module = __import__(
                    "forecourt." + ".".join(file.relative_to(PACKAGE).with_suffix("").parts), fromlist=["_"]
                )
                made = getattr(module, node.name, None)
                if isinstance(made, type) and issubclass(made, forms.Form) and set(made.base_fields) - {"nonce"}:
                    found.append(made)
    return found


def cookies() -> Iterator[Found]:
    """What the settings name and what code sets; a browser's crawl would see the same."""
    settings_file = short(PACKAGE / "settings.py")
    yield Found(settings.SESSION_COOKIE_NAME, settings_file)
    yield Found(settings.CSRF_COOKIE_NAME, settings_file)
    if "session" not in settings.MESSAGE_STORAGE:
        yield Found("messages", settings_file)
    for source, tree in sources():
        if source == COOKIE_SETTER or ours_to_break(source):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (named := cookie_in(node)):
                yield Found(text_of(named, source), place(source, node.lineno))
    for row in holdings().get("scripts", {}).values():
        yield from (Found(name, line_of("scripts")) for name in row["cookies"])


def cookie_in(call: ast.Call) -> ast.expr | None:
    """Where this call names the cookie that it sets; None when it sets none."""
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    place_of_name = COOKIE_CALLS.get(called, len(call.args))
    return call.args[place_of_name] if place_of_name < len(call.args) else None


def text_of(node: ast.expr, source: Path) -> str:
    """A word, or the constant of ours that holds it (COOKIE, choices.COOKIE); else the expression as it is written."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    # Middleware is imported by the first request, and nothing else.
    found: Any = import_module("forecourt." + ".".join(source.relative_to(PACKAGE).with_suffix("").parts))
    for step in ast.unparse(node).split("."):
        found = getattr(found, step, None)
    return found if isinstance(found, str) else ast.unparse(node)


def hosts() -> Iterator[Found]:
    """Whom the adapters call: fixed addresses in their code, and the ones that this machine is set to."""
    for file, tree in sources():
        if not file.is_relative_to(PACKAGE / "adapters"):
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.match(r"https?://[^\s/]+", node.value)
            ):
                yield Found(urlsplit(node.value).hostname or node.value, place(file, node.lineno))
    settings_file = short(PACKAGE / "settings.py")
    if settings.MAIL_ADAPTER != "fake":
        yield Found(settings.SMTP_HOST, settings_file)
    if settings.TEXTS_ADAPTER != "fake":
        yield Found(urlsplit(settings.TWILIO_URL).hostname or "", settings_file)


@cache
def sources() -> tuple[tuple[Path, ast.AST], ...]:
    """All our Python but migrations, parsed once."""
    files = sorted(file for file in PACKAGE.rglob("*.py") if "migrations" not in file.parts)
    return tuple((file, ast.parse(file.read_text("utf-8"))) for file in files)


def where(thing: Any) -> str:
    try:
        return place(Path(inspect.getsourcefile(thing) or ""), inspect.getsourcelines(thing)[1])
    except (OSError, TypeError):
        return str(thing)


def place(file: Path, line: int) -> str:
    return f"{short(file)}:{line}"


def short(file: Path) -> str:
    root = PACKAGE.parent
    return str(file.relative_to(root)) if file.is_relative_to(root) else str(file)


def line_of(name: str) -> str:
    lines = HOLDINGS.read_text("utf-8").splitlines()
    return place(
        HOLDINGS,
        next((number for number, line in enumerate(lines, 1) if f'"{name}"' in line or f".{name}]" in line), 1),
    )
