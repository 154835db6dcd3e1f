"""How a line is pictured: drawn by curves, where its file has [drawing], or of rendered images, where it has [layers]."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forecourt.vehicles import drawing, layers
from forecourt.vehicles.drawing import Drawn, View
from forecourt.vehicles.layers import Layers
from forecourt.vehicles.sheet import Sheet

OWN = {name for name in drawing.COLORS if name not in ("paint", "shade", "roof", "caps", "stripe")}


def read(sheet: Sheet, found: Mapping[str, Any], folder: Path) -> Drawn | Layers:
    if "layers" in found and "drawing" in found:
        sheet.problem(sheet.place("", "layers"), "a line has [drawing] or [layers], not both: take one out")
    return rendered(sheet, found, folder) if "layers" in found else drawn(sheet, found, folder / "drawings")


def drawn(sheet: Sheet, found: Mapping[str, Any], folder: Path) -> Drawn:
    row = sheet.table(found, "drawing", {"views", *drawing.SHAPES, *OWN})
    look: dict[str, str] = {}
    for key, value in row.items():
        if key in drawing.SHAPES and value not in (known := drawing.shapes(folder, key)):
            sheet.problem(sheet.place(key, "drawing"), f"{key} is {value!r}: write one of {', '.join(known)}")
        elif key in OWN and not (isinstance(value, str) and drawing.COLOR.fullmatch(value)):
            says = f"{key} is {value!r}: write six hex digits in lower case, such as #14604f"
            sheet.problem(sheet.place(key, "drawing"), says)
        elif key in OWN or key in drawing.SHAPES:
            look[key] = value
    seen = views(sheet, row.get("views"))
    for path in sorted(folder.glob(f"{sheet.path.stem}-*.svg")):
        if (view := path.stem.removeprefix(f"{sheet.path.stem}-")) not in seen:
            says = f"views leaves out {view}, and drawings/{path.name} is there: name it, or delete the file"
            sheet.problem(sheet.place("views", "drawing"), says)
    return Drawn(folder, sheet.path.stem, seen, look)


def views(sheet: Sheet, found: object) -> tuple[View, ...]:
    """Lists, cards and bookings show a car from the side, so that every line has that view."""
    words = found if isinstance(found, list) else []
    known = [View(word) for word in words if word in list(View)]
    if len(known) != len(words) or len(set(known)) != len(known) or View.SIDE not in known:
        says = f'views is {found!r}: write a list of {", ".join(View)}, each once, with side, such as ["side", "front"]'
        sheet.problem(sheet.place("views", "drawing"), says)
        return (View.SIDE,)
    return tuple(known)


def rendered(sheet: Sheet, found: Mapping[str, Any], folder: Path) -> Layers:
    row = sheet.table(found, "layers", {"size", "order", "usual"})
    size, usual, order = row.get("size"), row.get("usual", {}), row.get("order")
    if not (isinstance(size, list) and len(size) == 2 and all(type(side) is int and side > 0 for side in size)):
        sheet.problem(sheet.place("size", "layers"), f"size is {size!r}: write width and height in pixels: [1200, 486]")
        size = [0, 0]
    if not (isinstance(usual, dict) and all(isinstance(slug, str) for slug in usual.values())):
        sheet.problem(
            sheet.place("usual", "layers"),
            f'usual is {usual!r}: write a family’s usual option: {{ wheels = "disc-15" }}',
        )
        usual = {}
    if not isinstance(order, dict) or not all(
        isinstance(names, list) and names and all(isinstance(name, str) for name in names) for names in order.values()
    ):
        sheet.problem(
            sheet.place("order", "layers"),
            'order needs each view’s layers, from the ground up: { side = ["shadow", "paint"] }',
        )
        order = {}
    else:
        views(sheet, list(order))
    its_folder = folder / "pictures" / sheet.path.stem
    files, wrong = layers.images(its_folder, (size[0], size[1]))
    seen = {View(view): tuple(names) for view, names in order.items() if view in list(View)}
    made = Layers(its_folder, sheet.path.stem, (size[0], size[1]), seen, usual, files)
    for says in wrong:
        sheet.problem(sheet.place("size", "layers"), says)
    for layer in sorted({layer for names in seen.values() for layer in names} - {"paint"}):
        for says in made.missing(layer, iter([usual.get(layer, layer)])):
            sheet.problem(sheet.place("order", "layers"), says)
    return made


def complaints(pictured: Drawn | Layers, looks: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What keeps the car from being shown in each of its views and paints: `looks` is of each paint's slug what it colors."""
    if isinstance(pictured, Layers):
        return list(pictured.missing("paint", iter(looks)))
    first = next(iter(looks.values()), {})
    return [says for view in pictured.views if (says := drawing.complaint(pictured, view, first))]
