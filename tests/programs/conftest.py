"""Claims as somebody makes them, and as their browser sends them."""

import pytest


@pytest.fixture
def make(db, at):
    """In the hands of the clerk who looks at it."""
    from forecourt.cases import actions as cases
    from forecourt.programs import claims
    from tests.programs.sending import wish

    def made(kind="military", **more):
        claim = claims.make(wish(kind, at.now, **more), at.now)
        cases.take(claim.case, "desk-4f2k", at.now)
        return claim

    return made


@pytest.fixture
def send(at, client):
    """What a browser would post from a program's form."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from forecourt.programs import pack
    from forecourt.web import forms
    from tests.programs.sending import pdf

    def sent(kind="military", *, file=None, **more):
        program = pack.of_kind(kind)
        values = {
            "nonce": forms.new_nonce("program", at.now),
            "chosen": program.answers[0][0],
            "name": "Ada Brightwater",
            "contact": "ada.brightwater@post.example",
        }
        if kind == "mobility":
            values |= {"amount": "$1,240.50", "address": "9 Teasel Row\nDuluth, MN 55802"}
        values |= more
        if program.is_shown_proof:
            values["document"] = SimpleUploadedFile("proof.pdf", pdf() if file is None else file)
        return client.post(f"/programs/{program.slug}/form/", values)

    return sent


@pytest.fixture
def clerk_looks(at):
    from forecourt.cases import actions as cases
    from forecourt.programs import claims

    def looks(claim):
        cases.take(claim.case, "desk-4f2k", at.now)
        claims.look(claim, at.now, who="desk-4f2k")
        assert claims.look_at_document(claim, at.now, who="desk-4f2k")

    return looks
