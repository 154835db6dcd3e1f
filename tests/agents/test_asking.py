"""What an agent asks for somebody becomes a case like any other; a no counts at once."""

import uuid
from datetime import timedelta

import pytest

from forecourt.adapters import kept
from forecourt.agents import actions, directory, telling
from forecourt.agents.models import Agent, Asked, Seen
from forecourt.cases.models import Case
from forecourt.consent import choices, standing
from forecourt.console import accounts
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.policy.sales import SIGNALLED
from forecourt.requests import deleting
from forecourt.requests.models import Request
from forecourt.rights.erasure import holds
from forecourt.rights.models import Erasure, ErasureHold
from tests.agents.signing import CALLBACK, REQUESTS, Machine
from tests.cast import ADA, CHEN
from tests.requests.asking import shows, the_request, worked


def refused_by(address: str):
    contact = contacts.find(contacts.read(address))
    return choices.of_standing(standing.of(contact.pk)).said_no


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


@pytest.fixture
def merlin(kestrel, at):
    other = Machine(at.now, "MERLIN").listed()
    other.sets_up()
    return other


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


def test_the_same_number_of_the_agent_is_taken_once(kestrel):
    kestrel.asks(**{"agent-request-id": "k-1"})
    answer = kestrel.asks(email="other@post.example", **{"agent-request-id": "k-1"})

    assert answer.status_code == 409
    assert str(Asked.objects.get().pk) in answer.json()["message"]
    assert contacts.find(contacts.read("other@post.example")) is None


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


def revoking(machine: Machine, **more) -> str:
    return machine.sign(machine.claims(reason="I changed my mind", **more))


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


def test_an_agent_hears_of_each_state_once_at_its_own_address(kestrel, drive, at):
    asked = kestrel.asks("access", status_callback=CALLBACK).json()
    telling.tell_due(at.now)
    at.now += timedelta(minutes=3)
    telling.tell_due(at.now)
    worked(the_request("know"), at)
    at.now += timedelta(minutes=3)
    telling.tell_due(at.now)
    at.now += timedelta(days=1)
    telling.tell_due(at.now)

    heard = kept.kept_about(asked["request_id"])
    assert [one.recipient for one in heard] == [CALLBACK, CALLBACK]
    assert [b"in_progress" in heard[0].content, b"fulfilled" in heard[1].content] == [True, True]


@pytest.mark.parametrize(
    "callback",
    [
        CALLBACK,
        "https://kestrel.example/",
        "https://KESTREL.example:443/elsewhere?of=1",
        "https://api.kestrel.example/status",
        "https://words.example/kestrel",
    ],
)
def test_word_goes_to_the_agents_own_site_or_where_its_entry_says(kestrel, at, callback):
    Agent.objects.update(callback="https://words.example/kestrel", web_url="https://www.kestrel.example/about")
    answer = kestrel.asks(status_callback=callback).json()

    assert telling.tell_due(at.now) == 1
    assert [one.recipient for one in kept.kept_about(answer["request_id"])] == [callback]
    assert "status_callback" not in answer["processing_details"]


def test_a_site_that_is_called_www_is_not_every_site(kestrel):
    Agent.objects.update(callback="", web_url="https://www.example/")

    assert not directory.may_hear(Agent.objects.get(), "https://merlin.example/status")
    assert directory.may_hear(Agent.objects.get(), "https://www.example/status")


@pytest.mark.parametrize(
    "callback",
    [
        "http://kestrel.example/status",
        "https://kestrel.example:8443/",
        "https://kestrel@kestrel.example/",
        "https://kestrel.example@merlin.example/",
        "https://notkestrel.example/",
        "https://kestrel.example.merlin.example/",
        "https://merlin.example/?https://kestrel.example/",
        "https://words.example/merlin",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[kestrel.example/",
        "https://localhost/",
        "https://kestrel.example/\nHost: x",
        f"https://kestrel.example/{'x' * 256}",
        "//kestrel.example/",
        "word",
    ],
)
def test_word_goes_nowhere_else_and_the_no_counts_all_the_same(kestrel, at, callback):
    Agent.objects.update(callback="https://words.example/kestrel")
    answer = kestrel.asks(status_callback=callback).json()

    assert (answer["status"], refused_by(ADA.contact)) == ("fulfilled", SIGNALLED)
    assert "We send no word of changes to that status_callback" in answer["processing_details"]
    assert telling.tell_due(at.now) == 0
    assert not kept.kept_about(answer["request_id"])


def test_an_agent_that_was_stopped_hears_nothing_more(kestrel, at):
    answer = kestrel.asks(status_callback=CALLBACK).json()
    directory.stop(kestrel.code, at.now)

    assert telling.tell_due(at.now) == 0
    assert not kept.kept_about(answer["request_id"])


def test_an_agent_that_was_deaf_for_one_state_hears_of_the_next(kestrel, drive, at, monkeypatch):
    from forecourt.adapters.agents import Fake
    from forecourt.adapters.outcomes import NotSent

    def deaf(*_):
        raise NotSent("nobody there")

    asked = kestrel.asks("access", status_callback=CALLBACK).json()
    with monkeypatch.context() as for_days:
        for_days.setattr(Fake, "tell", deaf)
        for _ in range(200):
            telling.tell_due(at.now)
            at.now += timedelta(hours=1)
    worked(the_request("know"), at)
    at.now += timedelta(minutes=3)

    assert telling.tell_due(at.now) == 1
    assert b"fulfilled" in kept.kept_about(asked["request_id"])[0].content


def test_an_agent_that_does_not_answer_is_told_again_and_not_for_ever(kestrel, at, monkeypatch):
    from forecourt.adapters.agents import Fake
    from forecourt.adapters.outcomes import NotSent

    tries = []

    def deaf(*_):
        tries.append(at.now)
        raise NotSent("nobody there")

    monkeypatch.setattr(Fake, "tell", deaf)
    kestrel.asks(status_callback=CALLBACK)
    for _ in range(400):
        telling.tell_due(at.now)
        at.now += timedelta(hours=1)

    assert len(tries) == telling.MOST_TRIES
    assert Asked.objects.get().tell_at is None


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
