"""After the answer somebody steals everything: the database, the files, the logs. What was shown to us is in none of it."""

import io
import logging
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files import temp

from forecourt.adapters import keystore
from forecourt.edge.logs import IdsOnly
from forecourt.people import vault
from forecourt.programs import claims
from forecourt.programs.documents import MOST, PDF
from forecourt.programs.models import Claim
from tests.people.test_raw_dump import dump, is_in
from tests.programs.sending import MARK, pdf

SECRETS = (
    MARK.decode(), "Ada Brightwater", "Brightwater", "9 Teasel Row", "hand-controls", "640.00", "1240.50", "ada.brightwater",
)  # fmt: skip


def test_neither_dump_nor_files_nor_logs_hold_what_was_shown(fresh_database, at, send, clerk_looks, monkeypatch):
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(IdsOnly())
    logging.getLogger().addHandler(handler)
    before = files()
    # Larger than what Django keeps in memory by itself, so that a temporary file would come into being.
    large = pdf(MARK + b" " * 4_000_000)
    monkeypatch.setattr(temp, "NamedTemporaryFile", lambda *args, **kwargs: pytest.fail("it lay on a disk"))

    sent = [send("military"), send("diplomatic", file=large), send("mobility")]
    assert {answer.status_code for answer in sent} == {303}, [
        answer.content for answer in sent if answer.status_code != 303
    ]
    military, diplomatic, mobility = (
        Claim.objects.get(program=kind) for kind in ("military", "diplomatic", "mobility")
    )
    in_between = dump(fresh_database)
    clerk_looks(military)
    claims.answer(military, True, at.now)
    claims.withdraw(mobility, at.now)
    at.now = diplomatic.discard_at
    claims.discard_overdue(at.now)
    logging.getLogger().removeHandler(handler)

    dumped = dump(fresh_database)
    for copy in (in_between, dumped):
        assert [secret for secret in SECRETS if is_in(secret.casefold(), copy)] == []
    assert "military" in dumped
    new = {path: content for path, content in files().items() if before.get(path) != content}
    assert [path for path, content in new.items() if any(secret.encode() in content for secret in SECRETS)] == []
    assert not any(secret in heard.getvalue() for secret in SECRETS)


def test_a_copy_from_before_the_answer_cannot_be_read_after_it(make, at):
    """Somebody kept a backup with the sealed document; its key went with the answer."""
    claim = make("military")
    kept = claim.document

    claims.answer(claim, True, at.now)

    with pytest.raises(keystore.KeyDestroyed):
        vault.open_bytes(kept.pk, claims.FILE, claim.pk, kept.sealed)


def test_a_sealed_document_lies_under_a_key_that_seals_nothing_else(make):
    claim = make("military")

    assert claim.document.kind == PDF
    assert claim.document.pk not in (claim.submission_id, claim.contact_id)
    assert MARK not in bytes(claim.document.sealed)
    assert len(claim.document.sealed) < MOST


def files() -> dict[Path, bytes]:
    """What lies in our own folder and where temporary files do; small files whole, and of large ones their ends."""
    found = {}
    for folder in (Path(settings.VAR), Path(tempfile.gettempdir())):
        for path in folder.glob("**/*" if folder == Path(settings.VAR) else "*"):
            try:
                if path.is_file() and "postgres" not in path.parts:
                    found[path] = path.read_bytes()[:8_000_000]
            except OSError:
                continue
    return found
