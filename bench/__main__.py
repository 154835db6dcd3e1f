"""One measurement in a process and a scratch database of its own: `python -m bench race rows.json`."""

import inspect
import json
import logging
import sys
from importlib import import_module
from pathlib import Path


def main(name: str, target: Path, people: int | None) -> None:
    from forecourt.run.ready import ready

    # Benches cut sessions and kill servers on purpose; the pool would tell of each.
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    with ready(scratch=True) as database:
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
        measure = import_module(f"bench.{name}").measure
        takes_people = "people" in inspect.signature(measure).parameters
        rows = measure(people=people) if people and takes_people else measure()
        target.write_text(json.dumps({"postgres": server_version(database), "rows": rows}))


def server_version(name: str) -> str:
    from forecourt.run import database

    with database.connect("app", name) as connection:
        return connection.execute("SHOW server_version").fetchone()[0]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else None)
