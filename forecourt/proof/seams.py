"""Putting something else in a named place of the code, and back. For mutants, which do so in scratch copies."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


class NoSeam(LookupError):
    """The named place does not exist; the mutant has to follow the code that moved."""


def find(seam: str) -> tuple[Any, str]:
    """The module or class that holds the last name, and that name."""
    *path, name = seam.split(".")
    for length in range(len(path), 0, -1):
        module = ".".join(path[:length])
        try:
            owner: Any = import_module(module)
        except ModuleNotFoundError as error:
            if error.name and module.startswith(error.name):
                continue
            raise
        for step in path[length:]:
            owner = getattr(owner, step, None)
        if owner is None or not hasattr(owner, name):
            raise NoSeam(f"there is no {seam}; name the place where that code stands now")
        return owner, name
    raise NoSeam(f"there is no {seam}; name the place where that code stands now")


def put(seam: str, replace: Callable[[Any], Any]) -> Callable[[], None]:
    """Replace it in the module that defines it, and wherever one of ours has imported it by name; returns the way back."""
    owner, name = find(seam)
    original = getattr(owner, name)
    replacement = replace(original)
    places = [(owner, name)]
    if not isinstance(owner, type):
        places += [
            (module, key)
            for module_name, module in list(sys.modules.items())
            if module_name.startswith("forecourt.") and module is not owner
            for key, value in list(vars(module).items())
            if value is original
        ]

    def fill(with_what: Any) -> None:
        for place, key in places:
            setattr(place, key, with_what)

    fill(replacement)
    return lambda: fill(original)


@contextmanager
def replaced(seam: str, replace: Callable[[Any], Any]) -> Iterator[None]:
    back = put(seam, replace)
    try:
        yield
    finally:
        back()
