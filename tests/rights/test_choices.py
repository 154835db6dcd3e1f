"""Your Privacy Choices, as somebody uses it who has no account and nothing to prove."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default as email_policy
from urllib.parse import urlsplit

import pytest
from django.test import Client
from lxml import html

from forecourt.adapters import kept
from forecourt.adapters.kept import Medium, Way
from forecourt.consent import switches
from forecourt.consent.choices import COOKIE, Answer, parse
from forecourt.consent.models import Entry
from forecourt.people import browsers, contacts
from forecourt.people.models import Contact, Link
from forecourt.policy.policy import Switch
from forecourt.rights import choosing
from forecourt.sharing.models import Membership, Share
from tests.cast import ADA, BRUNO, booked, fields, work

CHOICES = "/privacy/choices/"
SIGNAL = {"Sec-GPC": "1"}
BOTH = {Switch.SALE, Switch.ADS}
pytestmark = pytest.mark.django_db


def words(response) -> str:
    return " ".join(html.fromstring(response.content).text_content().split())


def press(client: Client, which: str, answer: str, at: str = CHOICES, **more):
    return client.post(f"{at}{which}/{answer}/", follow=True, **more)


def confirm(client: Client, page, **more):
    form = html.fromstring(page.content).xpath("//main//form[.//input[@name='confirmed']]")[0]
    return client.post(form.get("action"), dict(form.form_values()), follow=True, **more)


def allow(client: Client, which: str, age: str = "30"):
    """With everything that is asked on the way."""
    page = press(client, which, "yes")
    if page.request["PATH_INFO"].endswith("/yes/"):
        page = confirm(client, page)
    return answer_age(client, page, age) if page.request["PATH_INFO"].endswith("/age/") else page


def answer_age(client: Client, page, years: str):
    outcome = html.fromstring(page.content).xpath(f"//option[normalize-space()='{years}']/@value")[0]
    return client.post(f"{page.request['PATH_INFO']}?{page.request['QUERY_STRING']}", {"age": outcome}, follow=True)


def chosen(client: Client):
    return parse(client.cookies[COOKIE].value) if COOKIE in client.cookies else parse("")


@pytest.fixture
def refusing() -> Client:
    """A browser that keeps no cookie."""

    class Refusing(Client):
        def request(self, **request):
            self.cookies.clear()
            return super().request(**request)

    return Refusing()


@pytest.mark.parametrize("which", ["all", *Switch])
def test_a_no_is_one_press_and_the_page_confirms_it(client: Client, which: str):
    page = press(client, which, "no")

    assert page.status_code == 200
    assert "Done:" in words(page)
    assert chosen(client).said_no >= (set(Switch) if which == "all" else {Switch(which)})


@pytest.mark.parametrize("which", ["all", *Switch])
def test_a_no_is_taken_where_cookies_are_refused(refusing: Client, which: str):
    page = words(press(refusing, which, "no"))

    assert "Done:" in page
    assert "need not: without a yes, no is what stands for everybody" in page


def test_a_yes_that_the_browser_does_not_keep_changes_nothing_and_says_so(refusing: Client):
    for which in (Switch.ANALYTICS, Switch.ADS):
        page = words(press(refusing, which, "yes"))

        assert "Nothing changed." in page
        assert "Your browser did not keep our cookie" in page
    assert not Contact.objects.filter(kind="browser").exists()


def test_a_yes_to_what_was_never_refused_is_one_press(client: Client):
    assert "Done:" in words(press(client, "analytics", "yes"))
    assert chosen(client).said_yes == {Switch.ANALYTICS}


def test_a_yes_after_a_no_takes_a_question_and_its_ok(client: Client):
    press(client, "analytics", "no")

    question = press(client, "analytics", "yes")
    assert "Turn on “Counting visits”?" in words(question)
    assert not chosen(client).said_yes

    assert "Done:" in words(confirm(client, question))
    assert chosen(client).said_yes == {Switch.ANALYTICS}


def test_an_ok_that_was_asked_before_a_later_no_counts_for_nothing(client: Client):
    press(client, "analytics", "no")
    question = press(client, "analytics", "yes")
    press(client, "all", "no")

    confirm(client, question)

    assert not chosen(client).said_yes


def test_looking_at_questions_is_no_answer(client: Client):
    press(client, "all", "no")

    for address in (CHOICES, f"{CHOICES}all/yes/", f"{CHOICES}all/age/", f"{CHOICES}?told=made-up"):
        client.get(address, follow=True)

    assert chosen(client).said_yes == set()


def test_a_yes_to_ads_makes_the_browser_known_so_that_a_later_no_reaches_every_list(client: Client):
    allow(client, "ads")

    browser = browsers.find(client.cookies[browsers.COOKIE].value)
    assert switches.of(browser.pk).said_yes == {Switch.ADS}

    press(client, "ads", "no")

    assert Switch.ADS in switches.of(browser.pk).said_no
    assert client.get(CHOICES).wsgi_request.choices.said_yes == set()


def test_a_browser_that_said_yes_and_no_and_confirmed_may_say_yes_again(client: Client):
    for answer in ("yes", "no", "yes"):
        allow(client, "ads") if answer == "yes" else press(client, "ads", "no")

    assert client.get(CHOICES).wsgi_request.choices.said_yes == {Switch.ADS}


def test_a_yes_to_figures_makes_nobody_known(client: Client):
    press(client, "analytics", "yes")

    assert browsers.COOKIE not in client.cookies
    assert not Contact.objects.exists()


def test_the_signal_is_shown_and_holds_back_a_yes_to_sale_and_ads(client: Client):
    page = words(client.get(CHOICES, headers=SIGNAL))
    assert "Opt-out request honored" in page
    assert "received, honored" in page

    told = words(press(client, "ads", "yes", headers=SIGNAL))

    assert "Nothing changed." in told
    assert "switch off Global Privacy Control in your browser’s privacy settings" in told
    assert not chosen(client).said_yes


def test_everything_under_the_signal_is_everything_else(client: Client):
    question = press(client, "all", "yes", headers=SIGNAL)
    told = words(question if "Done" in words(question) else confirm(client, question, headers=SIGNAL))

    assert "Done in part" in told
    assert chosen(client).said_yes == set(Switch) - BOTH


def test_ten_and_then_thirty_stays_refused(client: Client):
    question = press(client, "ads", "yes")
    told = answer_age(client, question, "10")
    answer_age(client, question, "30")
    again = allow(client, "ads")

    assert "Nothing was turned on." in words(told)
    assert "Nothing was turned on." in words(again)
    assert chosen(client).said_yes == set()
    assert client.cookies["age"].value == "under-13"
    assert client.cookies["age"]["max-age"] == ""


def test_a_child_who_pressed_all_allowed_nothing(client: Client):
    allow(client, "all", age="12")

    assert chosen(client).said_yes == set()


@pytest.mark.parametrize("age", ["13", "15", "16", "99"])
def test_from_thirteen_on_the_own_yes_counts(client: Client, age: str):
    allow(client, "ads", age=age)

    assert chosen(client).said_yes == {Switch.ADS}


def test_the_question_about_age_shows_no_wish(client: Client):
    page = html.fromstring(press(client, "ads", "yes").content)

    options = page.xpath("//select[@name='age']/option")
    assert [option.text for option in options] == ["Choose", *map(str, range(1, 100)), "100 or older"]
    assert page.xpath("//option[@selected]/@value") == [""]
    assert "13" not in " ".join(
        " ".join(page.xpath("//main//h1//text() | //main//p//text() | //main//label//text()")).split()
    )


def test_no_age_without_being_asked(client: Client):
    page = client.post(f"{CHOICES}ads/age/", {"age": "16+"}, follow=True)

    assert "Done" not in words(page)
    assert not chosen(client).said_yes


def test_an_address_is_refused_in_the_same_words_whether_we_know_it_or_not(client: Client, now, dealer):
    ada = booked(ADA, dealer, now).contact
    told = [
        words(client.post(f"{CHOICES}address/", {"contact": typed}, follow=True))
        for typed in (ADA.contact, "stranger@post.example")
    ]

    assert told[0] == told[1]
    assert "Done: we keep to your no for that address or number" in told[0]
    stranger = contacts.find(contacts.read("stranger@post.example"))
    assert switches.of(ada.pk).said_no == switches.of(stranger.pk).said_no == set(Switch)
    assert not Link.objects.exists()


def test_an_address_that_is_none_is_not_lost_and_the_page_says_what_to_type(client: Client):
    page = client.post(f"{CHOICES}address/", {"contact": "ada@"})

    assert page.status_code == 422
    assert "It should look like name@example.com" in words(page)
    assert 'value="ada@"' in page.content.decode()


def test_there_is_no_sixth_switch(client: Client):
    assert client.post(f"{CHOICES}everything/no/").status_code == 404


def test_a_booking_with_the_signal_records_the_no_for_its_address(client: Client, at, dealer):
    client.post("/test-drive/", fields(ADA, dealer, at.now), headers=SIGNAL)

    ada = contacts.find(contacts.read(ADA.contact))
    said = Entry.objects.filter(contact=ada.pk, channel="data").values_list("scope", "verb", "method", "by")
    assert set(said) == {
        ("purpose:sale", "withdrew", "signal", "person"),
        ("purpose:ads", "withdrew", "signal", "person"),
    }


def test_a_booking_joins_its_browser_with_its_address_and_a_no_of_either_reaches_both(client: Client, at, dealer):
    allow(client, "ads")
    client.post("/test-drive/", fields(BRUNO, dealer, at.now))
    bruno = contacts.find(contacts.read(BRUNO.contact))
    browser = browsers.find(client.cookies[browsers.COOKIE].value)

    switches.say([bruno.pk], Switch.ADS, Answer.NO, "link", at.now)

    assert browsers.linked(bruno.pk) == sorted([bruno.pk, browser.pk])
    assert client.get(CHOICES).wsgi_request.choices.said_yes == set()
    assert "Off: a no was said for an address" in words(client.get(CHOICES))
    told = words(allow(client, "ads"))
    assert "Nothing changed." in told
    assert "by the link in any message that we sent to it" in told


def test_an_earlier_yes_of_the_address_yields_to_the_signal_and_both_stay_on_record(client: Client, at, dealer):
    ada = booked(ADA, dealer, at.now).contact
    switches.say([ada.pk], Switch.SALE, Answer.YES, "link", at.now)

    client.post("/test-drive/", fields(ADA, dealer, at.now), headers=SIGNAL)

    said = Entry.objects.filter(contact=ada.pk, scope="purpose:sale").order_by("seq").values_list("verb", "method")
    assert list(said) == [("granted", "link"), ("withdrew", "signal")]


def message_link(drive) -> str:
    """The page behind the link in the email that confirmed the drive."""
    work(drive.booked_at)
    letters = [item for item in kept.kept_for(ADA.address, Medium.EMAIL) if item.way == Way.OUT]
    text = message_from_bytes(letters[-1].content, policy=email_policy).get_body(("plain",)).get_content()
    return urlsplit(next(word for word in text.split() if "/m/" in word).strip("<>.,)")).path


def test_the_link_in_a_message_leads_to_the_same_switches_for_its_address(client: Client, at, dealer):
    drive = booked(ADA, dealer, at.now)
    link = message_link(drive)

    told = words(press(client, "ads", "no", at=f"{link}choices/"))

    assert "Done: no ad network learns what you do here" in told
    assert switches.of(drive.contact_id).said_no == {Switch.ADS}
    assert not chosen(client).answers


def test_a_yes_behind_a_link_takes_its_two_steps_too(client: Client, at, dealer):
    drive = booked(ADA, dealer, at.now)
    link = message_link(drive)
    press(client, "analytics", "no", at=f"{link}choices/")

    question = press(client, "analytics", "yes", at=f"{link}choices/")
    assert not switches.of(drive.contact_id).said_yes

    assert "Done:" in words(confirm(client, question))
    assert switches.of(drive.contact_id).said_yes == {Switch.ANALYTICS}


def test_behind_a_link_a_signal_that_overruled_a_yes_is_shown(client: Client, at, dealer):
    drive = booked(ADA, dealer, at.now)
    switches.say([drive.contact_id], Switch.SALE, Answer.YES, "link", at.now)
    switches.say([drive.contact_id], Switch.SALE, Answer.NO, "signal", at.now)

    page = words(client.get(message_link(drive)))

    assert "You had said yes. Your browser’s signal came after that, and the signal counts: it is off." in page


def test_a_link_that_leads_nowhere_takes_no_choice(client: Client):
    assert client.post("/m/nothing-like-that/choices/ads/no/").status_code == 404


def test_a_page_of_before_claims_no_no_that_was_taken_back_since(client: Client):
    press(client, "analytics", "yes")
    refused = client.post(f"{CHOICES}analytics/no/").headers["Location"]
    confirm(client, press(client, "analytics", "yes"))

    page = words(client.get(refused))

    assert "You said yes. It is on." in page
    assert "Done" not in page
    assert "did not keep our cookie" not in page


@pytest.mark.parametrize("which", ["analytics", "all"])
def test_a_page_of_before_claims_no_yes_that_was_taken_back_since(client: Client, which: str):
    page = allow(client, which)
    said = f"{page.request['PATH_INFO']}?{page.request['QUERY_STRING']}"
    assert "Done:" in words(page)

    press(client, "analytics", "no")

    page = words(client.get(said))
    assert "Done" not in page
    assert "did not keep our cookie" not in page


def test_a_child_who_answers_ends_what_somebody_had_allowed_here(client: Client, now):
    allow(client, "sale")
    [browser] = Contact.objects.filter(kind=Contact.Kind.BROWSER)
    del client.cookies["age"]  # the browser was closed in between

    told = words(allow(client, "ads", age="10"))

    assert "selling, sharing and targeted ads are off" in told
    assert not chosen(client).said_yes
    assert switches.of(browser.pk).said_no == {Switch.SALE}
    del client.cookies["age"]
    assert not client.get(CHOICES).wsgi_request.choices.said_yes


def test_on_a_shared_computer_nobody_reads_that_they_said_what_somebody_else_said(client: Client, at, dealer):
    """Ada books there and says no behind her message's link; whoever comes next has said nothing of the kind."""
    allow(client, "all")
    browser = Contact.objects.get(kind=Contact.Kind.BROWSER)
    ada = booked(ADA, dealer, at.now).contact
    browsers.link(browser, ada, "interaction:shared", at.now)
    switches.say([ada.pk], Switch.ANALYTICS, Answer.NO, "link", at.now)

    page = words(client.get(CHOICES))

    assert "You said no" not in page
    assert "Off: a no was said for an address or a browser that belongs with this one." in page
    assert ADA.contact not in page


def test_a_yes_ends_with_its_number_and_the_network_is_told_to_forget_the_browser(client: Client, at, dealer):
    allow(client, "all")
    browser = Contact.objects.get(kind=Contact.Kind.BROWSER)
    ada = booked(ADA, dealer, at.now).contact
    browsers.link(browser, ada, "interaction:one", at.now)
    [membership] = Membership.objects.all()
    Share.objects.filter(pk=membership.join_id).update(state=Share.State.LEFT)

    at.now += timedelta(days=180) - timedelta(minutes=1)
    assert choosing.end_old_yeses(at.now) == 0
    at.now += timedelta(minutes=1)

    assert choosing.end_old_yeses(at.now) == 1
    membership.refresh_from_db()
    assert membership.left_at == at.now
    assert membership.removal.kind == Share.Kind.REMOVAL
    assert switches.of(browser.pk).said_no == BOTH
    assert switches.of(ada.pk).said_no == set()
    assert choosing.end_old_yeses(at.now) == 0
