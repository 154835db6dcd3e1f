"""A car as rendered images that lie on each other, for a brand that has them: brands/wren/vehicles/README.md says how."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from PIL import Image, UnidentifiedImageError

from forecourt.vehicles.drawing import View

KINDS = {"webp": "image/webp", "png": "image/png"}  # what a browser takes first stands first


@dataclass(frozen=True, slots=True)
class Layers:
    """`order` names the layers of each view from the ground up: a family of options, "paint", or an image that is always there.
    `usual` is the option of each family that a car has for which nobody chose one; `files` the digest of each image."""

    folder: Path
    slug: str
    size: tuple[int, int]
    order: Mapping[View, tuple[str, ...]]
    usual: Mapping[str, str]
    files: Mapping[tuple[str, str, str], str]

    @property
    def views(self) -> tuple[View, ...]:
        return tuple(self.order)

    def draw(
        self, view: View, look: Mapping[str, str], options: Mapping[str, str], *, key: str, label: str = ""
    ) -> SafeString:
        """`options` has each family's chosen one; images need no look and no key."""
        stack = format_html_join("", "{}", ([self._image(view, name)] for name in self._names(view, options)))
        spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
        return format_html('<span class="car car-layers" {}>{}</span>', spoken, stack)

    def image(self, view: View, look: Mapping[str, str], options: Mapping[str, str]) -> bytes:
        """All layers in one PNG."""
        whole = Image.new("RGBA", self.size)
        for name in self._names(view, options):
            kind = next(kind for kind in KINDS if (view, name, kind) in self.files)
            with Image.open(self.folder / view / f"{name}.{kind}") as layer:
                whole.alpha_composite(layer.convert("RGBA"))
        saved = BytesIO()
        whole.save(saved, "PNG")
        return saved.getvalue()

    def svg(self, view: View, look: Mapping[str, str], options: Mapping[str, str], *, key: str) -> SafeString:
        """The same within an SVG."""
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
            '<image width="{width}" height="{height}" href="data:image/png;base64,{image}"/></svg>',
            width=self.size[0],
            height=self.size[1],
            image=b64encode(self.image(view, look, options)).decode(),
        )

    def _names(self, view: View, options: Mapping[str, str]) -> list[str]:
        chosen = {**self.usual, **options}
        return [chosen.get(layer, layer) for layer in self.order[view]]

    def _image(self, view: View, name: str) -> SafeString:
        kinds = [kind for kind in KINDS if (view, name, kind) in self.files]
        *better, last = [(self._address(view, name, kind), KINDS[kind]) for kind in kinds]
        sources = format_html_join("", '<source srcset="{}" type="{}">', better)
        width, height = self.size
        image = format_html('<img src="{}" alt="" width="{}" height="{}" loading="lazy">', last[0], width, height)
        return format_html("<picture>{}{}</picture>", sources, image) if better else image

    def _address(self, view: View, name: str, kind: str) -> str:
        return f"{reverse('vehicles:layer', args=[self.slug, view, name, kind])}?{self.files[view, name, kind]}"

    def path(self, view: str, name: str, kind: str) -> Path | None:
        """Of an image that there is."""
        return self.folder / view / f"{name}.{kind}" if (view, name, kind) in self.files else None

    def missing(self, layer: str, names: Iterator[str]) -> Iterator[str]:
        """A complaint for each of the names that the layer has no image of, in each view that shows the layer."""
        wanted = list(names)
        for view, order in self.order.items():
            for name in wanted if layer in order else ():
                if not any((view, name, kind) in self.files for kind in KINDS):
                    file = f"{self.folder.parent.name}/{self.folder.name}/{view}/{name}"
                    yield f"{file}.webp or .png is missing: add it, or take {layer} out of the order of {view}"


def images(folder: Path, size: tuple[int, int]) -> tuple[dict[tuple[str, str, str], str], list[str]]:
    """The digest of each image of a line, and what is wrong with them."""
    found: dict[tuple[str, str, str], str] = {}
    wrong: list[str] = []
    for path in sorted(each for kind in KINDS for each in folder.glob(f"*/*.{kind}")):
        kind = path.suffix[1:]
        name = f"{folder.parent.name}/{folder.name}/{path.parent.name}/{path.name}"
        try:
            with Image.open(path, formats=[kind.upper()]) as image:
                actual = image.size
        except UnidentifiedImageError:
            wrong.append(f"{name} is no {kind.upper()} image: save it as one")
            continue
        if actual != size:
            wrong.append(f"{name} is {actual[0]} by {actual[1]} pixels: make it {size[0]} by {size[1]}, as size says")
        found[path.parent.name, path.stem, kind] = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return found, wrong
