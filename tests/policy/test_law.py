"""Dated law, and the stricter of law and brand."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from forecourt.policy import law, limits
from forecourt.policy.book import load
from forecourt.policy.policy import BrandRules, Kind

NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
REVOKE_ALL = datetime(2027, 1, 31, tzinfo=UTC)
POLICY = load(Path(__file__).parents[2] / "brands" / "wren" / "policy").in_force(NOW)


def branded(**rules):
    return replace(POLICY, brand=BrandRules(**rules))


def test_a_stop_ends_one_kind_until_the_waiver_ends_and_everything_from_then_on():
    assert law.value("stop_scope", REVOKE_ALL - timedelta(microseconds=1)) == "type"
    assert law.value("stop_scope", REVOKE_ALL) == "all"
    assert [change.start for change in law.changes("stop_scope", NOW)] == [REVOKE_ALL]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("quiet_before", time(8)),
        ("quiet_after", time(21)),
        ("stop_confirmation_minutes", 5),
        ("stop_business_days", 10),
        ("unsubscribe_business_days", 10),
        ("unsubscribe_link_days", 30),
        ("one_click_days", 2),
    ],
)
def test_the_laws_numbers(key, value):
    assert law.value(key, NOW) == value


def test_a_service_provider_signs_nine_terms_and_a_dealer_confidentiality_too():
    assert len(limits.required_terms(Kind.SERVICE_PROVIDER, NOW)) == 9
    assert "confidentiality" in limits.required_terms(Kind.DEALER, NOW)


def test_every_term_has_its_plain_words():
    terms = limits.required_terms(Kind.SERVICE_PROVIDER, NOW) | limits.required_terms(Kind.DEALER, NOW)

    assert terms == set(law.value("term_words", NOW))


def test_every_article_says_what_it_is_and_where_it_comes_from():
    assert all(article.says and article.sources and law.value(key, NOW) for key, article in law.articles().items())
    assert law.sources("stop_scope")[0].startswith("R-TC-03")


def test_what_the_law_lacks_is_an_error_and_not_a_default():
    with pytest.raises(KeyError, match=r"law\.toml has no quiet_noon; it has .*quiet_after"):
        law.value("quiet_noon", NOW)
    with pytest.raises(LookupError, match="no stop_scope for 2020-01-01"):
        law.value("stop_scope", datetime(2020, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        '[a]\nsays = "x"\nvalues = [{ from = 2026-01-01, value = 1 }]\n',
        '[a]\nsays = "x"\nsources = ["R-1"]\nvalues = []\n',
        '[a]\nsays = "x"\nsources = ["R"]\nvalues = [{ from = 2026-02-01, value = 1 }, { from = 2026-01-01, value = 2 }]\n',
    ],
)
def test_a_careless_article_is_refused(text):
    with pytest.raises(ValueError, match=r"law\.toml \[a\]"):
        law.parse(text)


def test_a_switch_makes_every_stop_brand_wide():
    assert limits.stop_scope(POLICY, NOW) == "type"
    assert limits.stop_scope(branded(stop_scope="all"), NOW) == "all"
    assert limits.stop_scope(branded(stop_scope="law"), REVOKE_ALL) == "all"


@pytest.mark.parametrize(
    ("rules", "window"),
    [
        ({}, (time(8), time(21))),
        ({"quiet_before": time(9), "quiet_after": time(20)}, (time(9), time(20))),
        ({"quiet_before": time(6), "quiet_after": time(23)}, (time(8), time(21))),
    ],
)
def test_the_stricter_hours_hold(rules, window):
    assert limits.text_hours(branded(**rules), NOW) == window
