"""docs/forms.md: what each field of each form takes, and the sentences that answer what does not fit, read from the forms."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from django import forms

from forecourt.proof import inventory

HEAD = """# What each form takes

Written by `forecourt policy forms` from the forms themselves; change those. A field takes what its row says and nothing more; what
it reads further, and what has to go together with other fields, stands below as the sentences that answer whatever does not fit
(… stands for what is put in). A field that a form does not have is refused with the whole form.

A choice is one of those that the page offers at that moment: a list of the brand pack, of the law, or of rows. Where a form is made
for one page, it may leave out a field or put in a limit of the brand's; it never takes more. A new password has rules of its own,
which `security.md` tells.

What comes by an address: the parts in pointed brackets of `access-matrix.md`, each read by its kind, and the words of a query, which
the page that reads them either knows or takes as if they were not there. What fits together in a car's build stands in the brand
pack's option files, whose own consistency `vehicles/options/checks.py` proves.
"""
KINDS: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.BooleanField, "yes or nothing"),
    (forms.MultipleChoiceField, "any of the choices"),
    (forms.ChoiceField, "one of the choices"),
    (forms.EmailField, "an email address"),
    (forms.FileField, "a file"),
    (forms.DateField, "a day"),
    (forms.DecimalField, "a number"),
    (forms.IntegerField, "a whole number"),
    (forms.CharField, "text"),
)


def document() -> str:
    return "\n".join([HEAD, *(line for form in all_forms() for line in section(form))]).rstrip() + "\n"


def all_forms() -> list[type[forms.Form]]:
    """Those of visitors and those of staff, by name; one that only others build upon shows with them."""
    found = {f"{form.__module__}.{form.__qualname__}": form for form in inventory.form_classes(but=("proof", "run"))}
    return [found[name] for name in sorted(found)]


def section(form: type[forms.Form]) -> Iterator[str]:
    module = form.__module__.removeprefix("forecourt.")
    yield f"## {module}.{form.__qualname__}"
    yield ""
    yield "| field | takes | needed | limits |"
    yield "|---|---|---|---|"
    for name, field in form.base_fields.items():
        yield f"| `{name}` | {kind(field)} | {'yes' if field.required else 'no'} | {', '.join(limits(field)) or '–'} |"
    yield ""
    further = [f"- `{name}`: {says}" for name in form.base_fields for says in own_sentences(form, name)]
    further += [f"- together: {says}" for says in together(form)]
    yield from [*further, ""] if further else ()


def kind(field: forms.Field) -> str:
    return next((words for known, words in KINDS if isinstance(field, known)), type(field).__name__)


def limits(field: forms.Field) -> Iterator[str]:
    """As the field itself has them; a validator of the framework's is told by what it guards."""
    for name, words in (("min_length", "letters"), ("min_value", "")):
        if (least := getattr(field, name, None)) is not None:
            yield f"at least {least:,} {words}".strip()
    for name, words in (("max_length", "letters"), ("max_value", "")):
        if (most := getattr(field, name, None)) is not None:
            yield f"at most {most:,} {words}".strip()
    if isinstance(field, forms.DecimalField) and field.decimal_places is not None:
        yield f"{field.decimal_places} digits after the point"
    if regex := getattr(getattr(field, "regex", None), "pattern", ""):
        yield f"`{regex.replace('|', chr(92) + '|')}`"


def own_sentences(form: type[forms.Form], name: str) -> list[str]:
    return sentences(getattr(form, f"clean_{name}", None))


def together(form: type[forms.Form]) -> Iterator[str]:
    cleans = [vars(base)["clean"] for base in form.__mro__ if ours(base) and "clean" in vars(base)]
    yield from dict.fromkeys(says for clean in cleans for says in sentences(clean))


def sentences(method: Callable | None) -> list[str]:
    """What a method says of what it does not take, and what the functions of ours say that it reads with."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [method] if method is not None and ours(method) else []
    while waiting:
        function = inspect.unwrap(waiting.pop(0))
        if function.__qualname__ in seen:
            continue
        seen.add(function.__qualname__)
        for call in calls(function):
            if says := spoken(call, function.__globals__):
                found[says] = None
            elif called := resolve(call.func, function.__globals__):
                waiting.append(called)
    return list(found)


def ours(thing: Any) -> bool:
    return (getattr(thing, "__module__", "") or "").startswith("forecourt.")


def calls(function: Callable) -> Iterator[ast.Call]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def resolve(name: ast.expr, known: dict[str, Any]) -> Any:
    """The function of ours that is called by this name, be it another module's."""
    if isinstance(name, ast.Name):
        found = known.get(name.id)
    elif isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name):
        found = getattr(known.get(name.value.id), name.attr, None)
    else:
        found = None
    return found if inspect.isfunction(found) and ours(found) else None


def spoken(call: ast.Call, known: dict[str, Any]) -> str:
    """The words of a refusal: ValidationError("..."), BadAddress("...") or self.add_error("field", "...")."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    words = {"ValidationError": 0, "BadAddress": 0, "add_error": 1}.get(name)
    return text_of(call.args[words], known) if words is not None and len(call.args) > words else ""


def text_of(node: ast.expr, known: dict[str, Any]) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Name):
        return known[node.id] if isinstance(known.get(node.id), str) else ""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        found = getattr(known.get(node.value.id), node.attr, "")
        return found if isinstance(found, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return ""
