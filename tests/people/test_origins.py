"""Names and addresses are kept with where they came from, when, and what was shown beside the form (P-3A-1): wherever one lies."""

import tomllib
from pathlib import Path

from django.apps import apps

import forecourt.proof

TAKEN = ("user.name", "user.contact")
# In these nothing can be read: keyed digests, and zones of time.
DIGESTS = {"index", "digest", "about", "away", "zones", "person"}
ORIGIN = {"source", "notice", "at"}
# No value that somebody gave stays here, and why.
ELSEWHERE = {
    "messaging.Message.body": "what we wrote to them",
    "requests.Archive.sealed": "a copy for the person, of values that say where they came from",
    "requests.Pass.sealed": "until the worker took it up, which keeps what it keeps with its origin",
    "accounts.Ticket.sealed": "the same; its form and the version shown stand beside it",
    "adapters.Kept.sealed": "the demo's phones and mailboxes, which are the person's own",
}


def kept_in() -> set[str]:
    """Every column of the inventory that holds a name or an address which can be opened."""
    holdings = tomllib.loads((Path(forecourt.proof.__file__).parent / "holdings.toml").read_text("utf-8"))
    return {
        f"{model}.{column}"
        for model, row in holdings["models"].items()
        for column, categories in row.get("holds", {}).items()
        if column not in DIGESTS and any(category.startswith(TAKEN) for category in categories)
    }


def test_each_table_that_keeps_a_name_or_an_address_keeps_its_origin_or_stands_here_with_why_not():
    columns = {
        where: {field.name for field in apps.get_model(where.rpartition(".")[0])._meta.get_fields()}
        for where in kept_in()
    }

    assert {where for where, names in columns.items() if not names >= ORIGIN} == set(ELSEWHERE)
    assert "people.Sealed.value" in columns
