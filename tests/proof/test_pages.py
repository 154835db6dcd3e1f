"""The public pages show each state as it is, and never more than is known."""

import base64
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from lxml import html

from forecourt.adapters import clock
from forecourt.consent import closures, policies
from forecourt.policy.policy import Class
from forecourt.proof import evidence, registry
from forecourt.proof.evidence import Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(monkeypatch):
    moment = policies.book().versions[0].effective + timedelta(days=40, hours=14, minutes=2)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def found(promise, outcome, at, finding=""):
    policy = policies.in_force(at)
    for probe in registry.probes([promise]):
        evidence.add(probe, outcome, finding, 7, at, revision="abc", policy_version=policy.version)


def sentence(client, promise):
    page = html.fromstring(client.get("/privacy/").content)
    return " ".join(page.get_element_by_id(promise).text_content().split())


def tally(client):
    page = html.fromstring(client.get("/privacy/checks/").content)
    (counts,) = page.find_class("tally")
    return [" ".join(row.text_content().split()) for row in counts], counts.getnext().text_content()


def with_a_probe(now):
    return {probe.promise for probe in registry.probes()} & set(policies.in_force(now).sentences)


def test_right_after_the_start_the_page_says_that_the_first_check_is_running(client, now):
    counts, words = tally(client)

    assert f"{len(with_a_probe(now))} await a first check" in counts
    assert not any(count.startswith("0 ") for count in counts)
    assert "The first check is running" in words
    assert "recent enough" not in words


def test_what_was_checked_and_what_still_waits_are_counted_apart(client, now):
    found("P-3F-5", Outcome.GREEN, now)
    found("P-3F-1", Outcome.GREY, now, "could not run: no telephone")

    counts, words = tally(client)

    assert counts[0] == "1 checked by software"
    assert f"{len(with_a_probe(now)) - 2} await a first check" in counts
    assert any("not checked now" in count for count in counts)
    assert "The newest one ran at 14:02 UTC" in words


def test_once_all_were_looked_at_nothing_is_said_of_a_first_check(client, now):
    for probe in registry.probes():
        found(probe.promise, Outcome.GREEN, now - timedelta(days=9))

    counts, words = tally(client)

    assert not any("first" in count for count in counts)
    assert "None that passed is recent enough to count." in words


def test_a_sentence_that_was_checked_says_when_and_claims_no_more(client, now):
    found("P-3F-5", Outcome.GREEN, now)

    shown = sentence(client, "P-3F-5")

    assert "checked 14:02" in shown
    assert "Blocked in software unless permitted. Checked 14:02: no failure found." in shown
    assert "proved" not in shown
    assert "guarantee" not in shown


def test_a_sentence_that_was_never_checked_says_so(client, now):
    assert "not checked yet" in sentence(client, "P-3F-5")


def test_a_check_that_is_too_old_is_no_tick(client, now):
    found("P-3F-5", Outcome.GREEN, now - timedelta(hours=25))

    assert "not checked since" in sentence(client, "P-3F-5")
    assert "no failure found" not in sentence(client, "P-3F-5").partition("The last check")[0]


def test_a_check_that_could_not_run_is_told_and_is_no_pass(client, now):
    found("P-3F-5", Outcome.GREY, now, "could not run: no telephone")

    assert "not checked yet" in sentence(client, "P-3F-5")
    assert "could not run, which says nothing either way" in sentence(client, "P-3F-5")


def test_a_long_finding_ends_after_a_whole_word(client, now):
    found("P-3F-5", Outcome.RED, now, "; ".join(f"a text left after STOP ({count})" for count in range(40)))

    body = client.get("/privacy/checks/P-3F-5/").content.decode()

    assert "14:02: a text left after STOP (0); a text left after STOP (1);" in body
    assert re.search(r"(left|after|STOP|text|a|\(\d+\);) …</em>", body)


@pytest.mark.parametrize(
    ("words", "shown"),
    [("one two three", "one two three"), ("one two threes", "one two …"), ("onetwothreefour", "onetwothree …")],
)
def test_words_are_cut_between_words_where_there_is_a_gap(words, shown):
    assert evidence.in_short(words, 13) == shown
    assert len(shown) <= 13


def test_the_page_of_one_promise_tells_of_its_own_trouble_alone(client, now):
    found("P-3F-5", Outcome.RED, now, "a text left after STOP")
    found("P-3F-1", Outcome.RED, now, "a text left without a yes")

    page = html.fromstring(client.get("/privacy/checks/P-3F-5/").content)
    (troubles,) = page.find_class("troubles")
    calm = client.get("/privacy/checks/P-6-2/").content.decode()

    assert [link.get("href") for link in troubles.xpath(".//p[@class='trouble-what']/a")] == ["/privacy/#P-3F-5"]
    assert "What is wrong at the moment" not in calm


def test_a_sentence_on_which_nothing_rests_does_not_say_that_something_is_paused(client, now):
    found("P-4-1", Outcome.RED, now, "a link leads to a site that our list does not name")
    closures.close("P-4-1", "a link leads to a site that our list does not name", now)

    page = client.get("/privacy/checks/P-4-1/").content.decode()

    assert "so nothing is paused" in page
    assert "What rests on it is paused" not in page


def test_the_whole_list_is_in_plain_words(client):
    page = html.fromstring(client.get("/privacy/").content)
    rows = page.xpath("//section[@class='whole-list']//tr[starts-with(@id, 'use-')]")

    assert rows
    for row in rows:
        assert not re.search(r"\b(user|vehicle|choice|system)\.[a-z]", row.text_content())
        assert not row.findall("td")[1].text_content().startswith(("When ", "it "))


def test_a_failure_is_on_top_with_what_is_paused_and_what_one_can_do(client, now):
    found("P-3F-5", Outcome.RED, now, "a text left after STOP")
    closures.close("P-3F-5", "a text left after STOP", now)

    page = client.get("/privacy/").content.decode()

    assert "What is wrong at the moment" in page
    assert "texts to remind you of the test drive that you booked" in page
    assert "one call stops everything that we send you" in page
    assert "What rests on it is paused." in sentence(client, "P-3F-5")


def test_a_failure_of_security_is_not_spelled_out(client, now):
    secret = [probe for probe in registry.probes() if probe.secret]
    assert secret, "no check of security is marked secret"
    found(secret[0].promise, Outcome.RED, now, "a name lies readable in people_sealed")

    for path in (
        "/privacy/",
        "/privacy/checks/",
        f"/privacy/checks/{secret[0].promise}/",
        "/.well-known/privacy-checks.json",
    ):
        body = client.get(path).content.decode()
        assert "people_sealed" not in body, path
    assert "under review since" in sentence(client, secret[0].promise)


def test_a_sentence_that_informs_has_no_tick(client, now, monkeypatch):
    policy = policies.in_force(now)
    told = {**policy.sentences, "P-1-2": replace(policy.sentences["P-1-2"], kind=Class.INFORMATIVE)}
    book = replace(policies.book(), versions=(replace(policy, sentences=told),))
    monkeypatch.setattr(policies, "book", lambda: book)

    assert "Nothing to check" in sentence(client, "P-1-2")


def test_the_page_tells_what_this_browser_sent(client, now):
    told = client.get("/privacy/", headers={"Sec-GPC": "1"}).content.decode()
    later = client.get("/privacy/").content.decode()
    silent = Client().get("/privacy/", headers={"DNT": "1"}).content.decode()

    assert "It sends Global Privacy Control: received with this page, and honored." in told
    assert "It sends none now, and sent Global Privacy Control before: still honored." in later
    assert "It sends no opt-out signal." in silent
    assert "Do Not Track, which alone changes nothing here" in silent


def test_no_page_about_the_policy_sets_a_cookie_or_loads_from_others(client, now):
    for path in (
        "/privacy/",
        "/privacy/checks/",
        "/privacy/compare/",
        "/privacy/checks/P-3F-5/",
        "/privacy/versions/2026-10-15/",
    ):
        response = client.get(path)
        assert response.status_code == 200, path
        assert not response.cookies, path


def test_the_html_of_a_sentence_is_shown_and_not_obeyed():
    from forecourt.proof import wording

    assert "<script>" not in wording.inline("We *never* run <script>alert(1)</script>.")


def test_the_coming_version_is_announced_and_compared_word_by_word(client, now):
    coming = policies.book().coming(now)
    if coming is None:
        pytest.skip("no version is posted and not yet in force")

    assert f"to={coming.version}" in client.get("/privacy/").content.decode()
    assert "<ins>" in client.get("/privacy/compare/").content.decode()


def test_a_version_that_never_was_is_not_found(client, now):
    assert client.get("/privacy/versions/1999-01-01/").status_code == 404
    assert client.get("/privacy/compare/?from=1999-01-01&to=2026-10-15").status_code == 404


def test_the_table_for_machines_can_be_verified_without_us(client, now):
    found("P-3F-5", Outcome.GREEN, now)

    table = json.loads(client.get("/.well-known/privacy-checks.json").content)

    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(table["key"]["public"]))
    (row,) = [row for row in table["promises"] if row["id"] == "P-3F-5"]
    assert row["state"] == "checked"
    for signed in row["evidence"]:
        signature = base64.b64decode(signed.pop("signature"))
        key.verify(signature, json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


def test_the_table_for_machines_keeps_its_shape(client, now):
    found("P-3F-5", Outcome.GREEN, now)

    table = json.loads(client.get("/.well-known/privacy-checks.json").content)

    assert set(table) == {"format", "brand", "policy", "policy_version", "as_of", "code_revision", "key", "promises"}
    assert table["format"] == "privacy-checks/1"
    for row in table["promises"]:
        assert {"id", "sentence", "class", "state"} <= set(row)
        assert row["state"] in {"checked", "under review", "not checked", "informs", "signed", "not signed"}
