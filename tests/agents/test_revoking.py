"""An agent takes back what it asked: in time, signed, its own, and nobody else's."""

import uuid
from datetime import timedelta

import pytest

from forecourt.console import accounts
from forecourt.people import contacts
from forecourt.policy.sales import SIGNALLED
from forecourt.requests import deleting
from forecourt.rights.erasure import holds
from forecourt.rights.models import Erasure, ErasureHold
from tests.agents.signing import REQUESTS, Machine, refused_by
from tests.cast import ADA
from tests.requests.asking import shows, the_request, worked


def revoking(machine: Machine, **more) -> str:
    return machine.sign(machine.claims(reason="I changed my mind", **more))


def test_what_two_agents_asked_goes_on_until_both_revoked_it(kestrel, merlin, drive):
    ours, theirs = kestrel.asks("deletion").json(), merlin.asks("deletion").json()

    assert kestrel.revokes(ours["request_id"]).json()["status"] == "revoked"
    assert merlin.looks(theirs["request_id"]).json()["status"] == "in_progress"
    assert the_request("delete").is_open

    assert merlin.revokes(theirs["request_id"]).json()["status"] == "revoked"
    assert the_request("delete").answer == "revoked"


def test_what_the_person_asks_for_after_the_agent_is_their_own(kestrel, drive, at):
    asked = kestrel.asks("deletion").json()
    client, desk = shows("delete", at)
    client.post(desk, {"sure": "yes"})

    assert kestrel.revokes(asked["request_id"]).json()["status"] == "revoked"
    assert worked(the_request("delete"), at).answer == "deleted"


def test_a_deletion_that_has_begun_is_not_revoked(kestrel, drive, at):
    asked = kestrel.asks("deletion").json()
    one, other = (accounts.add("correct horse battery", handle=f"desk-{name}") for name in ("one1", "two2"))
    contact = contacts.find(contacts.read(ADA.contact)).pk
    until = at.now + timedelta(days=30)
    hold = holds.ask(contact, case="3467-CDFG", ground=ErasureHold.Ground.LAW, until=until, by=one, now=at.now)
    holds.approve(hold.pk, by=other, now=at.now)
    worked(the_request("delete"), at)

    answer = kestrel.revokes(asked["request_id"])

    assert (answer.status_code, "begun to delete" in answer.json()["message"]) == (409, True)
    assert kestrel.looks(asked["request_id"]).json()["status"] == "in_progress"


def test_a_deletion_that_was_revoked_while_its_job_woke_up_deletes_nothing(kestrel, drive, at):
    asked = kestrel.asks("deletion").json()
    woken = the_request("delete")
    kestrel.revokes(asked["request_id"])

    assert not deleting.carry_out(woken, at.now)
    assert contacts.find(contacts.read(ADA.contact)).frozen_at is None
    assert not Erasure.objects.exists()


def test_what_is_revoked_in_time_deletes_nothing(kestrel, drive, at):
    asked = kestrel.asks("deletion").json()

    answer = kestrel.revokes(asked["request_id"])
    worked(the_request("delete"), at)

    assert answer.json()["status"] == "revoked"
    assert the_request("delete").answer == "revoked"
    assert contacts.find(contacts.read(ADA.contact)) is not None
    assert kestrel.revokes(asked["request_id"]).json()["status"] == "revoked"


def test_what_is_done_cannot_be_revoked(kestrel, drive):
    asked = kestrel.asks().json()

    assert kestrel.revokes(asked["request_id"]).status_code == 409
    assert refused_by(ADA.contact) == SIGNALLED


@pytest.mark.parametrize("spoiled", ["YQ==", "e30="])
def test_revoking_has_to_be_signed(kestrel, drive, spoiled):
    asked = kestrel.asks("deletion").json()

    assert kestrel.revokes(asked["request_id"], spoiled).status_code == 403
    assert the_request("delete").is_open


def test_another_agents_request_is_as_if_there_were_none(kestrel, merlin, drive):
    asked = kestrel.asks("deletion").json()

    theirs, *none = [merlin.looks(one) for one in (asked["request_id"], str(uuid.uuid4()), "pri_1", "x" * 300)]

    assert {one.status_code for one in (theirs, *none)} == {403}
    assert {one.content for one in none} == {theirs.content}
    assert merlin.revokes(asked["request_id"]).status_code == 403
    assert the_request("delete").is_open


def test_a_request_is_taken_back_without_a_type_of_the_body(kestrel, drive):
    asked = kestrel.asks("deletion").json()

    answer = kestrel.client.generic(
        "DELETE", f"{REQUESTS}/{asked['request_id']}", kestrel.sign({}), content_type="", headers=kestrel.bearer
    )

    assert answer.json()["status"] == "revoked"


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"agent-id": "MERLIN"}, 403),
        ({"business-id": "PLOVER"}, 403),
        ({"issued-at": "2026-12-01T16:00:01Z"}, 400),
        ({"expires-at": "2026-12-01T16:00:00Z"}, 400),
        ({"drp.version": "0.7"}, 400),
    ],
)
def test_what_taking_back_names_has_to_hold(kestrel, drive, claims, status):
    asked = kestrel.asks("deletion").json()

    assert kestrel.revokes(asked["request_id"], revoking(kestrel, **claims)).status_code == status
    assert kestrel.revokes(asked["request_id"], kestrel.sign(claims)).status_code == status
    assert the_request("delete").is_open


def test_one_taking_back_does_not_take_back_another_request(kestrel, drive):
    body = revoking(kestrel)
    first = kestrel.asks("deletion").json()
    second = kestrel.asks("access", **{"agent-request-id": "k-2"}).json()

    assert kestrel.revokes(first["request_id"], body).json()["status"] == "revoked"
    assert kestrel.revokes(second["request_id"], body).status_code == 409
    assert kestrel.revokes(first["request_id"], body).json()["status"] == "revoked"
    assert the_request("know").is_open
