"""A third party's tag: where it may stand, what its address says, and that the browser lets in nobody else."""

import itertools
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from forecourt.adapters import origins
from forecourt.consent import policies
from forecourt.consent.choices import Answer, Choices
from forecourt.edge import csp
from forecourt.people import pseudonyms
from forecourt.policy.policy import Age, Switch
from forecourt.traffic import counts, tags
from forecourt.traffic.models import TagCount

YES = "sale-yes.ads-yes"
THEIRS = origins.origin("tags.murmur.example")
WITH_TAGS = ("/models/", "/models/pipit/", "/models/pipit/?paint=")
# Whatever could hold a token, a name or a place, and whatever is not the brand's own page.
WITHOUT = (
    "/dealers/", "/dealers/?place=27284", "/test-drive/", "/contact/", "/privacy/", "/privacy/checks/", "/m/none/",
    "/test-drive/none/", "/models/none/", "/staff/account/login/", "/demo/", "/models/?email=ada@post.example",
)  # fmt: skip


def says(client, choices: str = YES, browser: str = "of-its-own", **cookies: str) -> None:
    """A yes to sale or ads comes with a number; none of ours knows this one."""
    client.cookies["choices"], client.cookies["browser"] = choices, browser
    for name, value in cookies.items():
        client.cookies[name] = value


def tags_in(answer) -> list[str]:
    return [tag.get("src") for tag in html.fromstring(answer.content).xpath("//*[@data-use='murmur-tag']")]


def policy_of(answer) -> dict[str, list[str]]:
    rows = (row.strip().split() for row in answer.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in rows}


def strangers(answer) -> set[str]:
    return {source for sources in policy_of(answer).values() for source in sources if source.startswith("http")}


@pytest.mark.parametrize("path", WITH_TAGS)
def test_a_yes_brings_the_tag_and_its_host_into_the_page_and_its_policy(path, db, at, client):
    says(client)
    answer = client.get(path)

    script, picture = tags_in(answer)
    assert script.startswith(f"{THEIRS}/tag.js?page=model")
    assert picture.startswith(f"{THEIRS}/p.gif?page=model")
    assert strangers(answer) == {THEIRS}
    assert policy_of(answer)["script-src"] == policy_of(answer)["connect-src"] == ["'self'", THEIRS]
    assert policy_of(answer)["frame-src"] == ["'none'"]
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", WITHOUT)
def test_no_tag_stands_where_somebodys_data_could(path, db, at, client):
    says(client)
    answer = client.get(path)

    assert tags_in(answer) == []
    assert strangers(answer) == set()


@pytest.mark.parametrize(
    ("choices", "headers", "age"),
    [
        ("", {}, ""),
        ("sale-no.ads-no", {}, ""),
        ("sale-yes.ads-no", {}, ""),
        ("ads-yes", {}, ""),
        (YES, {"Sec-GPC": "1"}, ""),
        ("sale-signal.ads-signal", {}, ""),
        (YES, {}, "under-13"),
        ("", {}, "13-15"),
    ],
)
def test_without_a_yes_that_counts_nothing_of_a_third_party_is_there(choices, headers, age, db, at, client):
    says(client, choices, age=age)
    answer = client.get("/models/", headers=headers)

    assert tags_in(answer) == []
    assert strangers(answer) == set()
    assert b"gpp.js" not in answer.content


def test_a_teenagers_own_yes_counts(db, at, client):
    says(client, age="13-15")

    assert tags_in(client.get("/models/"))


def test_partners_can_read_the_choice_before_their_tag_runs(db, at, client):
    says(client)
    page = client.get("/models/").content.decode()

    assert page.index("gpp.js") < page.index("tag.js")
    assert re.search(r'data-gpp-string="DB[\w~.-]+"', page)


def test_the_address_of_a_tag_tells_a_page_a_model_and_a_name_for_this_network_alone(db, at, client):
    says(client, browser="b" * 32)
    known = tags_in(client.get("/models/pipit/"))

    name = pseudonyms.of("b" * 32, "murmur")
    assert known[0] == f"{THEIRS}/tag.js?page=model&model=pipit&as={name}"
    assert name != pseudonyms.of("b" * 32, "somebody-else")
    assert "b" * 32 not in "".join(known)


def test_every_day_and_reason_is_counted_and_nobody_who_said_nothing(db, at, client, monkeypatch):
    counts.taken()
    monkeypatch.setattr(counts, "SECONDS", -1)
    client.get("/models/")
    assert not TagCount.objects.exists()

    says(client)
    client.get("/models/")
    client.get("/models/pipit/")
    client.get("/models/", headers={"Sec-GPC": "1"})
    says(client, "sale-no.ads-no")
    client.get("/models/")

    found = TagCount.objects.values_list("day", "use", "outcome", "number")
    today = at.now.date()
    assert set(found) == {
        (today, "murmur-tag", "allowed", 2),
        (today, "murmur-tag", "signal", 1),
        (today, "murmur-tag", "opted-out", 1),
    }


CHOICES = st.builds(
    lambda answers, sent, age: Choices(answers, age=age).with_signal() if sent else Choices(answers, age=age),
    st.dictionaries(st.sampled_from(list(Switch)), st.sampled_from(list(Answer))),
    st.booleans(),
    st.sampled_from(list(Age)),
)


@given(choices=CHOICES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_policy_lets_in_the_hosts_of_the_tags_that_are_allowed_now_and_no_other(choices, db, at, rf):
    """`rf` goes past the cookie, so that every combination there is can be tried, not only those that a cookie can say."""
    from forecourt.traffic.places import PLACES

    policy = policies.in_force(at.now)
    uses = tags.allowed(choices, policy, at.now)
    placed = [tags.make(use, PLACES["vehicles:models"], "", tags.gpp(choices)) for use in uses]
    found = csp.directives(frozenset(tag.host for tag in placed))

    may = {Switch.SALE, Switch.ADS} <= choices.said_yes and not choices.signal and choices.age != Age.CHILD
    hosts = {source for sources in found.values() for source in sources if source.startswith("http")}
    assert hosts == ({THEIRS} if may else set())


def test_every_combination_of_cookie_and_signal_agrees_with_the_header(db, at, client):
    for sale, ads, gpc, age in itertools.product(Answer, Answer, ("0", "1"), Age):
        says(client, f"sale-{sale}.ads-{ads}", age=str(age))
        answer = client.get("/models/", headers={"Sec-GPC": gpc})

        may = (sale, ads, gpc) == (Answer.YES, Answer.YES, "0") and age != Age.CHILD
        assert (strangers(answer), bool(tags_in(answer))) == ({THEIRS} if may else set(), may)


def test_pages_without_tags_all_say_the_same(db, at, client):
    plain = {client.get(path).headers["Content-Security-Policy"] for path in (*WITHOUT[:6], *WITH_TAGS)}

    assert len(plain) == 1


def test_outside_the_demo_the_tag_comes_from_where_the_policy_says(db, at, client, settings):
    settings.DEMO = False
    says(client)

    assert tags_in(client.get("/models/"))[0].startswith("https://tags.murmur.example/tag.js")
