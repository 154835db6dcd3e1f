"""Erases somebody and is killed after one step of it, as a machine may be: python -m tests.rights.dies STEP CONTACT MOMENT"""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import django


def main(step: str, contact: str, moment: str) -> None:
    django.setup()
    from forecourt.people import erasing, subjects
    from forecourt.rights.erasure import actions

    steps = {
        "asking": (actions, "ask"),
        "keys": (subjects, "destroy_keys"),
        "rows": (erasing, "remove_all"),
        "all": (actions, "_remove"),
    }
    if step in steps:
        room, name = steps[step]
        setattr(room, name, dying(getattr(room, name)))
    else:
        part = erasing._parts[step]
        erasing._parts[step] = replace(part, remove=dying(part.remove))
    actions.erase([UUID(contact)], case="3467-CDFG", reason="asked", now=datetime.fromisoformat(moment))


def dying(work: Callable) -> Callable:
    def work_and_die(*values: object, **named: object) -> None:
        work(*values, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return work_and_die


if __name__ == "__main__":
    main(*sys.argv[1:])
