"""A mypy plugin: what our middleware puts on every request, and what a page with something of one browser's own leaves there."""

from collections.abc import Callable

from mypy.nodes import MDEF, SymbolTableNode, Var
from mypy.plugin import ClassDefContext, Plugin
from mypy.types import AnyType, NoneType, Type, TypeOfAny, UnionType

ADDED = {
    "now": "datetime.datetime",
    "htmx": "django_htmx.middleware.HtmxDetails",
    "choices": "forecourt.consent.choices.Choices",
    "signed_in": "forecourt.accounts.models.Session?",
    "tags": "forecourt.traffic.tags.Tags",
    "made_for_one": "builtins.bool",
    "is_private": "builtins.bool",
    "refused_as": "forecourt.security_log.Event?",
}


class RequestTypes(Plugin):
    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return add_attributes if fullname == "django.http.request.HttpRequest" else None


def add_attributes(context: ClassDefContext) -> None:
    info = context.cls.info
    for name, type_name in ADDED.items():
        named = context.api.named_type_or_none(type_name.rstrip("?"))
        found: Type = named or AnyType(TypeOfAny.special_form)
        if named and type_name.endswith("?"):
            found = UnionType([named, NoneType()])
        attribute = Var(name, found)
        attribute.info = info
        attribute._fullname = f"{info.fullname}.{name}"
        info.names[name] = SymbolTableNode(MDEF, attribute)


def plugin(version: str) -> type[Plugin]:
    return RequestTypes
