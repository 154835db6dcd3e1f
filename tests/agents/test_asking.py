"""What an agent asks for somebody becomes a case like any other; a no counts at once."""

import uuid
from datetime import timedelta

import pytest

from forecourt.agents import actions
from forecourt.agents.models import Asked, Seen
from forecourt.cases.models import Case
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.policy.sales import SIGNALLED
from forecourt.requests.models import Request
from tests.agents.signing import refused_by
from tests.cast import ADA, CHEN
from tests.requests.asking import the_request, worked


@pytest.mark.parametrize("spelled", ["sale:opt_out", "sale:opt-out"])
@pytest.mark.parametrize("regime", ["ccpa", "voluntary", None])
def test_a_no_is_fulfilled_in_the_moment_in_which_it_comes(kestrel, drive, spelled, regime):
    answer = kestrel.asks(spelled, regime=regime, email_verified=None).json()

    assert answer["status"] == "fulfilled"
    assert refused_by(ADA.contact) == SIGNALLED
    case = Case.objects.get(kind="opt-out")
    assert (case.came_by, case.closed_at) == ("agent", kestrel.now)


def test_a_no_counts_before_anything_else_is_known_of_the_address(kestrel):
    answer = kestrel.asks(email="new@post.example", phone_number="+12025550142")

    assert answer.json()["status"] == "fulfilled"
    assert refused_by("new@post.example") == refused_by(CHEN.contact) == SIGNALLED


def test_a_yes_is_not_taken_from_an_agent(kestrel, drive):
    answer = kestrel.asks("sale:opt_in").json()

    assert (answer["status"], answer["reason"]) == ("denied", "claim_not_covered")
    assert not refused_by(ADA.contact)


@pytest.mark.parametrize("exercise", ["access", "access:categories", "access:specific"])
def test_the_file_is_made_and_opens_for_the_person_alone(kestrel, drive, at, exercise):
    first = kestrel.asks(exercise).json()
    assert (first["status"], "expected_by" in first) == ("in_progress", True)
    worked(the_request("know"), at)

    last = kestrel.looks(first["request_id"]).json()

    assert last["status"] == "fulfilled"
    path = last["results_url"].removeprefix("https://wren.example")
    page = kestrel.client.get(path)
    assert page.status_code == 200
    assert ADA.name not in page.content.decode()


def test_a_deletion_is_carried_out_and_its_record_names_nobody(kestrel, drive, at):
    asked = kestrel.asks("deletion", **{"agent-request-id": "k-17"}).json()
    assert asked["agent_request_id"] == "k-17"

    worked(the_request("delete"), at)

    said = kestrel.looks(asked["request_id"]).json()
    assert said["status"] == "fulfilled"
    assert contacts.find(contacts.read(ADA.contact)) is None
    assert ADA.contact not in str(Asked.objects.values_list())


def test_an_address_that_nobody_checked_shows_nothing_and_deletes_nothing(kestrel, drive):
    here = kestrel.asks("deletion", email_verified="true").json()
    elsewhere = kestrel.asks("deletion", email="nobody@post.example", email_verified=False).json()

    for one in (here, elsewhere):
        del one["request_id"]
    assert here == elsewhere
    assert here["reason"] == "insuf_verification"
    assert not Request.objects.exists()


def test_an_address_that_we_do_not_hold_is_no_match_and_is_not_kept(kestrel):
    answer = kestrel.asks("access").json()

    assert (answer["status"], answer["reason"]) == ("denied", "no_match")
    assert not Contact.objects.exists()


def test_claims_without_a_use_are_ignored_and_kept_nowhere(kestrel, drive):
    answer = kestrel.asks(name="Ada Secondname", power_of_attorney="x", birthdate="1990-01-01")

    assert answer.json()["status"] == "fulfilled"
    assert "Secondname" not in str([*Asked.objects.values_list(), *Seen.objects.values_list()])


def test_a_second_request_follows_the_one_that_is_open(kestrel, drive):
    kestrel.asks("deletion")
    second = kestrel.asks("deletion", **{"agent-request-id": "again"}).json()

    assert Request.objects.count() == 1
    kestrel.revokes(second["request_id"])
    assert the_request("delete").is_open


def test_the_same_number_of_the_agent_is_taken_once(kestrel):
    kestrel.asks(**{"agent-request-id": "k-1"})
    answer = kestrel.asks(email="other@post.example", **{"agent-request-id": "k-1"})

    assert answer.status_code == 409
    assert str(Asked.objects.get().pk) in answer.json()["message"]
    assert contacts.find(contacts.read("other@post.example")) is None


def test_records_go_after_the_months_of_the_law_and_not_before(kestrel, at):
    kestrel.asks()

    assert actions.forget_old(at.now + timedelta(days=729)) == 0
    assert actions.forget_old(at.now + timedelta(days=765)) == 1


def test_a_message_is_remembered_for_as_long_as_it_could_be_sent_again(kestrel, at):
    assert actions.forget_seen(at.now + timedelta(minutes=9)) == 0
    assert actions.forget_seen(at.now + timedelta(minutes=10)) == Seen.objects.count() + 1


def test_what_we_are_is_said_in_the_directorys_words(client, db, at):
    said = client.get("/.well-known/data-rights.json").json()

    assert said["id"] == "WREN"
    assert said["supported_actions"] == ["sale:opt_out", "deletion", "access", "access:categories", "access:specific"]
    assert said["supported_verifications"] == ["email", "phone_number"]


def test_what_was_asked_in_somebodys_name_is_in_their_file_and_in_nobody_elses(kestrel, drive, at):
    from forecourt.requests.archive import reach

    kestrel.asks()
    kestrel.asks(email="other@post.example", **{"agent-request-id": "k-2"})
    part = next(one for one in reach.PARTS if one.model is Asked)
    ada = contacts.find(contacts.read(ADA.contact))

    assert [one.own_id for one in part.of(reach.Person(ada.pk))] == [""]
    assert not part.of(reach.Person(uuid.uuid4())).exists()
