"""Arrows between tables point down, as arrows between modules do; import-linter cannot see keys that are strings."""

import tomllib

import pytest
from django.apps import apps

from forecourt.environment import ROOT

LAYERS = [
    [room.strip() for room in layer.split("|")]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    if contract["type"] == "layers"
    for layer in contract["layers"]
]
HEIGHT = {room: -depth for depth, layer in enumerate(LAYERS) for room in layer}


def room_of(model: type) -> str:
    top, _, rest = model.__module__.partition(".")
    return rest.partition(".")[0] if top == "forecourt" else ""


KEYS = [
    (model, field, field.related_model)
    for model in apps.get_models()
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
    if field.is_relation and field.related_model and room_of(model) and room_of(field.related_model)
]


@pytest.mark.parametrize(
    ("model", "field", "target"), KEYS, ids=lambda part: getattr(part, "__name__", getattr(part, "name", ""))
)
def test_a_key_points_down(model, field, target):
    here, there = room_of(model), room_of(target)

    assert here == there or HEIGHT[here] > HEIGHT[there], (
        f"{model.__name__}.{field.name} in {here} points up to {there}"
    )


def test_every_room_stands_in_a_layer():
    rooms = {folder.name for folder in (ROOT / "forecourt").iterdir() if (folder / "__init__.py").exists()}

    assert rooms <= set(HEIGHT)
