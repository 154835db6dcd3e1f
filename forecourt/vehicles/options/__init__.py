"""What can be ordered of each line, read once from the brand pack and compiled."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from forecourt.policy import problems as pack
from forecourt.vehicles import catalogue, drawing
from forecourt.vehicles.drawing import Drawn
from forecourt.vehicles.layers import Layers
from forecourt.vehicles.options import reader
from forecourt.vehicles.options.ranges import Range
from forecourt.vehicles.rules.diagram import Diagram


@dataclass(frozen=True, slots=True)
class Compiled:
    """`digest` names these very bytes in their address, so that a browser may keep them."""

    range: Range
    diagram: Diagram
    data: bytes
    digest: str


def of_line(slug: str) -> Compiled | None:
    """None for a line without options: it is not built to order."""
    return _read_once(Path(settings.BRAND) / "vehicles").get(slug)


def lines() -> list[str]:
    return sorted(_read_once(Path(settings.BRAND) / "vehicles"))


@cache
def _read_once(folder: Path) -> dict[str, Compiled]:
    return read(folder)


def read(folder: Path) -> dict[str, Compiled]:
    """Of every line that has options; BrokenPack where they cannot be kept."""
    lines = {line.slug: line for line in catalogue.read(folder)}
    shapes = {part: drawing.shapes(folder / "drawings", part) for part in drawing.SHAPES}
    found: dict[str, Compiled] = {}
    for path in sorted((folder / "options").glob("*.toml")):
        options, diagram = reader.read(path, shapes)
        agrees_with_its_line(path, options, lines)
        can_be_shown(path, options, lines[path.stem].drawing)
        data = diagram.to_bytes()
        found[path.stem] = Compiled(options, diagram, data, hashlib.sha256(data).hexdigest()[:16])
    return found


def agrees_with_its_line(path: Path, options: Range, lines: dict[str, catalogue.Line]) -> None:
    """The model's page and its options tell one price of one version."""
    line = lines.get(path.stem)
    if line is None or not line.is_current:
        raise pack.broken(
            path, 1, f"there is no current line vehicles/{path.stem}.toml: name the file after the line that it is for"
        )
    known = {trim.name: trim.price for trim in line.trims}
    for option in options.families[0].options:
        dearest = option.prices[-1].price if option.prices else None
        if known.get(option.name) != dearest:
            says = f"{option.name} costs {dearest} here and {known.get(option.name)} in {path.stem}.toml: name and price have to agree"
            raise pack.broken(path, option.line, says)


def can_be_shown(path: Path, options: Range, pictured: Drawn | Layers) -> None:
    """Where a line is pictured by images, each option of a family that has a layer needs its own."""
    if isinstance(pictured, Layers):
        for family in options.families:
            missing = pictured.missing(family.slug, iter([option.slug for option in family.options]))
            if says := list(missing):
                raise pack.broken(path, family.options[0].line, "; ".join(says))
