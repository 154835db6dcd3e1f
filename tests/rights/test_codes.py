"""Which dealers have somebody's address: told to whoever reads that mailbox now, and not to a forwarded link."""

import re
from datetime import timedelta

import pytest

from forecourt.messaging.models import Message
from forecourt.rights import codes
from forecourt.rights.models import Code
from tests.cast import ADA, CHEN, booked, work
from tests.rights.test_message_page import mail


@pytest.fixture
def page(dealer, at) -> str:
    """Ada booked by email; her link's page about dealers."""
    booked(ADA, dealer, at.now)
    work(at.now)
    return re.search(r"<https?://[^/]+(/m/[^>]+/)stop/>", mail(ADA)["List-Unsubscribe"])[1] + "dealers/"


def sent_digits(person) -> str:
    return re.search(r"\b\d{6}\b", mail(person)["Subject"])[0]


def ask(client, page, at) -> str:
    answer = client.post(page).content.decode()
    work(at.now)
    return re.search(r'name="sent" value="([0-9a-f-]+)"', answer)[1]


def test_the_link_alone_shows_no_dealer(page, client, dealer):
    text = client.get(page).content.decode()

    assert dealer.name not in text
    assert "a…@p….example" in text


def test_a_fresh_code_shows_the_dealers_with_what_they_got_and_claims_nothing(page, client, dealer, at):
    sent = ask(client, page, at)
    text = client.post(page, {"sent": sent, "code": sent_digits(ADA)}).content.decode()

    assert dealer.name in text
    assert dealer.policy_url in text
    assert "your email address" in text
    assert "we cannot take you off them, and we have not" in text


def test_a_code_works_once_and_for_its_time_only(page, client, dealer, at):
    sent = ask(client, page, at)
    digits = sent_digits(ADA)
    assert dealer.name in client.post(page, {"sent": sent, "code": digits}).content.decode()
    assert client.post(page, {"sent": sent, "code": digits}).status_code == 422

    sent = ask(client, page, at)
    Code.objects.filter(pk=sent).update(expires_at=at.now - timedelta(seconds=1))
    assert client.post(page, {"sent": sent, "code": sent_digits(ADA)}).status_code == 422


def test_guessing_ends_after_five_tries_even_for_the_right_digits(page, client, dealer, at):
    sent = ask(client, page, at)
    digits = sent_digits(ADA)
    for guess in range(codes.MOST_TRIES):
        wrong = f"{(int(digits) + 1 + guess) % 10**6:06}"
        assert client.post(page, {"sent": sent, "code": wrong}).status_code == 422

    assert dealer.name not in client.post(page, {"sent": sent, "code": digits}).content.decode()


def test_a_code_of_somebody_else_opens_nothing(page, client, dealer, at):
    booked(CHEN, dealer, at.now)
    message = Message.objects.get(contact__kind="phone")
    other = codes.send(message, at.now)

    assert client.post(page, {"sent": str(other.pk), "code": "000000"}).status_code == 422


def test_nobody_is_flooded_with_codes(page, client, at):
    answers = [client.post(page).status_code for _ in range(codes.MOST_AN_HOUR + 1)]

    assert answers == [200] * codes.MOST_AN_HOUR + [429]


@pytest.mark.parametrize("nonsense", [{"code": "1"}, {"code": "1", "sent": "x"}, {"code": "", "sent": ""}])
def test_nonsense_gets_a_sentence_and_nothing_else(page, client, nonsense):
    answer = client.post(page, nonsense)

    assert answer.status_code == 422
    assert "not the code that we sent" in answer.content.decode()


def test_the_digits_lie_nowhere_in_clear(page, client, at):
    ask(client, page, at)
    digits = sent_digits(ADA)

    code = Code.objects.get()
    assert digits.encode() not in bytes(code.digest)
    assert not any(digits.encode() in bytes(message.body) for message in Message.objects.all())
