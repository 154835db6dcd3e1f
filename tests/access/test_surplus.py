"""Every form of visitors takes the fields that it shows, and nothing beside them (P-3-1)."""

from django.db import transaction

from forecourt.proof import access
from tests.access.people import Crowd
from tests.access.test_matrix import TABLE, address, tries

# Whose forms: of visitors, not of staff, of carriers or of the demo's tour.
RULES = {"everybody", "link", "shelf", "account", "own"}
# Answered by a script with a signature, or files: neither has fields of a form.
SCRIPTS = {"account/passkey/", "account/confirmation/passkey/", "account/ways/passkeys/", "media/images/<path:path>"}


def test_no_form_takes_a_field_that_it_does_not_show(crowd: Crowd):
    tried, wrong = 0, []

    for route in access.routes():
        if TABLE.lists.get(route.path) not in RULES or route.path.startswith("^") or route.path in SCRIPTS:
            continue
        where = address(route, crowd, "owner")
        with transaction.atomic():
            answer = tries(crowd.clients["owner"], "post", where, {"shoe_size": "9"})
            transaction.set_rollback(True)
        if answer.status_code == 405:
            continue
        tried += 1
        # A no is never turned away: it counts whatever comes beside it, and nobody reads that.
        if answer.status_code != 422 and not route.path.endswith("/no/"):
            wrong.append(f"{route.path}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)
    assert tried > 20
