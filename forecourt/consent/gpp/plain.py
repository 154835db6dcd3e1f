"""Sections as JSON has them: {"sections": [{"section": "usnat", "id": 7, "version": 2, "fields": {...}}, {"id": 6, "text": "1YNN"}]}."""

from collections.abc import Mapping
from typing import Any

from forecourt.consent.gpp.gpp import AnySection, Gpp
from forecourt.consent.gpp.sections import KINDS, Layout, Unread, UsCa, UsNat, shortened
from forecourt.consent.gpp.trouble import GppError

BY_NAME = {kind.name: kind for kind in KINDS.values()}


def as_plain(gpp: Gpp) -> dict[str, Any]:
    return {"sections": [_section_as_plain(section) for section in gpp.sections]}


def from_plain(value: object) -> Gpp:
    """Takes what as_plain gives, or one section alone. Raises GppError, which names the field."""
    content = _mapping(value, "What is to be encoded")
    if "sections" not in content:
        return Gpp([_section(content)])
    if not isinstance(content["sections"], list):
        raise GppError(f"sections is {shortened(content['sections'])}, and must be a list.")
    return Gpp(_section(_mapping(section, "Each section")) for section in content["sections"])


def fields_of(section: UsNat | UsCa) -> dict[str, Any]:
    """Without its version, and without Gpc where the section has no GPC subsection."""
    values = {name: getattr(section, name) for name in _names(section.layout)}
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return values if section.Gpc is None else values | {"Gpc": section.Gpc}


def _section_as_plain(section: AnySection) -> dict[str, Any]:
    if isinstance(section, Unread):
        return {"id": section.id, "text": section.text}
    return {"section": section.name, "id": section.id, "version": section.Version, "fields": fields_of(section)}


def _section(content: Mapping[str, Any]) -> AnySection:
    if "text" in content and "section" not in content:
        return Unread(content.get("id"), content["text"])  # type: ignore[arg-type]  # it refuses what is no id
    name = content.get("section")
    if not isinstance(name, str) or name not in BY_NAME:
        raise GppError(
            f"section is {'missing' if name is None else shortened(name)}; write {' or '.join(BY_NAME)}, or give any other section's id and text."
        )
    kind = BY_NAME[name]
    if content.get("id", kind.id) != kind.id:
        raise GppError(f"{name}.id is {shortened(content['id'])}, and {name} is section {kind.id}.")
    fields = dict(_mapping(content.get("fields"), f"{name}.fields"))
    version = fields.pop("Version", content.get("version", kind.Version))
    if content.get("version", version) != version:
        raise GppError(
            f"{name}.Version is {shortened(version)} among the fields, and {content['version']!a} beside them."
        )
    expected = _names(kind.layout_of(version))
    for field in fields:
        if field not in (*expected, "Gpc"):
            raise GppError(
                f"{name} version {version} has no field {shortened(field)}; it has {', '.join(expected)}, Gpc."
            )
    for field in expected:
        if field not in fields:
            raise GppError(f"{name}.{field} is missing; write 0 where it does not apply.")
    values: dict[str, Any] = {
        name: tuple(given) if isinstance(given, list) else given for name, given in fields.items()
    }
    return kind(Version=version, **values)


def _names(layout: Layout) -> list[str]:
    return [field.name for field in layout if field.name != "Version"]


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise GppError(f"{what} is {shortened(value)}, and must be an object of names and values.")
    return value
