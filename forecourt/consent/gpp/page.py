"""What consent/gpp.js reads from its own script element, so that a page needs no inline script."""

import json
from collections.abc import Sequence
from typing import Any

from forecourt.consent.gpp.gpp import decode
from forecourt.consent.gpp.plain import fields_of
from forecourt.consent.gpp.sections import GPC_SUBSECTION, KINDS, Unread, UsCa, UsNat


def attributes(text: str, applicable: Sequence[int]) -> dict[str, str]:
    """The script element's attributes for the GPP string `text`; `applicable` are the ids of the sections in force, or -1.

    Source: CMP API 1.1, PingReturn: "supportedAPIs" are id and prefix; "parsedSections" hold one object a subsection.
    """
    gpp = decode(text)
    parsed = {section.name: _subsections(section) for section in gpp.sections if not isinstance(section, Unread)}
    return {
        "data-gpp-string": text,
        "data-section-list": _json([section.id for section in gpp.sections]),
        "data-applicable-sections": _json(list(applicable)),
        "data-supported-apis": _json([f"{kind.id}:{kind.name}" for kind in KINDS.values()]),
        "data-sections": _json(parsed),
    }


def _subsections(section: UsNat | UsCa) -> list[dict[str, Any]]:
    core = {"Version": section.Version, **fields_of(section)}
    gpc = core.pop("Gpc", None)
    return [core] if gpc is None else [core, {"SubsectionType": GPC_SUBSECTION, "Gpc": gpc}]


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
