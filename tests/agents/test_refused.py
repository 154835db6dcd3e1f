"""What nobody may get in with: each is sent to the real endpoint, and nothing of it counts."""

import base64
import hashlib
import hmac
import json
import logging
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from forecourt.agents import directory, envelope
from forecourt.agents.models import Agent, Asked
from forecourt.cases.models import Case
from tests.agents.signing import Machine, sealed
from tests.cast import ADA, CHEN


def refused(answer, status: int) -> None:
    assert answer.status_code == status, answer.content.decode()
    said = answer.json()
    assert said["code"] == str(status)
    assert said["message"].endswith(".")
    assert not Case.objects.exists()
    assert not Asked.objects.exists()


def test_what_was_sent_once_is_not_taken_again(kestrel):
    body = kestrel.sign(kestrel.wish())
    assert kestrel.sends(body).status_code == 200

    again = kestrel.sends(body)

    assert again.status_code == 409
    assert Asked.objects.count() == 1


def test_another_way_of_writing_the_same_base64_is_the_same_message(kestrel):
    body = kestrel.sign(kestrel.wish())
    kestrel.sends(body)

    assert kestrel.sends(f"{body}\n").status_code == 409


def test_a_message_for_a_token_makes_no_second_token(kestrel, at):
    kestrel.now = at.now + timedelta(seconds=1)
    at.now += timedelta(seconds=2)
    body = kestrel.sign(kestrel.claims())
    assert kestrel.sets_up(body).status_code == 200

    again = kestrel.sets_up(body)

    assert (again.status_code, again.content) == (403, b"")


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"expires-at": "2026-12-01T16:00:00+00:00", "issued-at": "2026-12-01T15:50:00+00:00"}, 400),
        ({"issued-at": "2026-12-01T16:00:01Z"}, 400),
        ({"expires-at": "2026-12-01T16:15:01Z"}, 400),
        ({"expires-at": "2026-12-01T16:10:00"}, 400),
        ({"expires-at": "soon"}, 400),
        ({"expires-at": 1796140800}, 400),
        ({"issued-at": None}, 400),
        ({"business-id": "PLOVER"}, 403),
        ({"business-id": None}, 403),
        ({"agent-id": "MERLIN"}, 403),
        ({"drp.version": "0.9.4"}, 400),
        ({"drp.version": 1.0}, 400),
        ({"exercise": "sale:everything"}, 400),
        ({"exercise": ["deletion"]}, 400),
        ({"exercise": None}, 400),
        ({"regime": "gdpr"}, 400),
        ({"regime": {}}, 400),
        ({"status_callback": ["https://kestrel.example/status"]}, 400),
        ({"agent-request-id": "ada@post.example"}, 400),
        ({"agent-request-id": 7}, 400),
        ({"email": None}, 400),
        ({"email": "nobody"}, 400),
        ({"email": {"is": "odd"}}, 400),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(kestrel, claims, status):
    said = kestrel.wish() | claims

    refused(kestrel.sends(kestrel.sign({name: value for name, value in said.items() if value is not None})), status)


@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (lambda body: body[:-8], 403),
        (lambda body: body[:40], 403),
        (lambda body: body[:-3], 400),
        (lambda body: "", 403),
        (lambda body: "====", 400),
        (lambda body: base64.b64encode(base64.b64decode(body)[:63]).decode(), 403),
        (lambda body: base64.b64encode(base64.b64decode(body)[:64]).decode(), 403),
        (lambda body: "not base64 at all!", 400),
        (lambda body: "é" + body, 400),
        (lambda body: base64.b64decode(body)[64:].decode(), 400),
        (lambda body: body + "A" * envelope.LONGEST, 413),
    ],
)
def test_what_is_broken_is_refused(kestrel, spoil, status):
    refused(kestrel.sends(spoil(kestrel.sign(kestrel.wish()))), status)


@pytest.mark.parametrize(
    "content", [b"[]", b"{", b"7", b"[" * 9000, b"\xff", b'{"exercise": "deletion", "exercise": "access"}']
)
def test_what_is_signed_has_to_be_one_object(kestrel, content):
    refused(kestrel.sends(sealed(content, kestrel.key)), 400)


def test_a_signature_by_another_algorithm_is_refused(kestrel):
    content = json.dumps(kestrel.wish()).encode()
    key = ec.generate_private_key(ec.SECP256R1())
    r, s = utils.decode_dss_signature(key.sign(content, ec.ECDSA(hashes.SHA256())))
    others = [
        r.to_bytes(32, "big") + s.to_bytes(32, "big"),
        hmac.digest(kestrel.token.encode(), content, "sha512"),
        kestrel.key.sign(hashlib.sha512(content).digest()),
    ]

    for signature in others:
        refused(kestrel.sends(base64.b64encode(signature + content).decode()), 403)


def test_a_token_of_json_instead_of_the_signature_is_refused(kestrel):
    part = [base64.urlsafe_b64encode(json.dumps(one).encode()).decode() for one in ({"alg": "none"}, kestrel.wish())]

    refused(kestrel.sends(".".join([*part, ""])), 400)


def test_the_same_words_signed_for_another_person_do_not_hold(kestrel):
    """The body is altered under the signature that was."""
    signed = base64.b64decode(kestrel.sign(kestrel.wish()))
    altered = signed.replace(ADA.contact.encode(), CHEN.contact.encode().rjust(len(ADA.contact)))
    assert altered != signed

    refused(kestrel.sends(base64.b64encode(altered).decode()), 403)


def test_two_values_under_one_name_are_refused_though_all_else_fits(kestrel):
    content = json.dumps(kestrel.wish())[:-1] + ', "exercise": "deletion"}'

    refused(kestrel.sends(sealed(content.encode(), kestrel.key)), 400)


def test_a_request_that_was_signed_makes_no_token(kestrel):
    body = kestrel.sign(kestrel.wish())

    assert (kestrel.sets_up(body).status_code, kestrel.sets_up(body).content) == (403, b"")
    assert kestrel.sends(body).status_code == 200


def test_what_was_signed_for_a_token_asks_for_nobody(kestrel):
    refused(kestrel.sends(kestrel.sign(kestrel.claims(extra=1))), 400)


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/html"])
def test_another_content_type_is_refused(kestrel, kind):
    refused(kestrel.sends(kestrel.sign(kestrel.wish()), kind), 415)


def test_another_key_signs_for_nobody(kestrel):
    kestrel.key = Ed25519PrivateKey.generate()

    refused(kestrel.asks(), 403)


def test_a_key_that_was_replaced_ends_the_token(kestrel):
    old = kestrel.key
    kestrel.key = Ed25519PrivateKey.generate()
    kestrel.listed()

    refused(kestrel.asks(), 403)
    kestrel.key = old
    assert kestrel.sets_up(kestrel.sign(kestrel.claims(extra=1))).status_code == 403


def test_one_agent_cannot_send_what_another_signed(kestrel, at):
    merlin = Machine(at.now, "MERLIN").listed()
    merlin.sets_up()

    refused(merlin.sends(kestrel.sign(kestrel.wish())), 403)


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer "}, {"Authorization": "Bearer guessed"}, {"Authorization": "Basic a2U6"}]
)
def test_without_a_token_nothing_is_read(kestrel, header):
    body = kestrel.sign(kestrel.wish())

    refused(kestrel.client.post("/v1/data-rights-request", body, content_type="text/plain", headers=header), 403)


def test_an_agent_that_was_stopped_is_heard_no_more(kestrel, at):
    assert directory.stop(kestrel.code, at.now)

    refused(kestrel.asks(), 403)
    assert kestrel.sets_up(kestrel.sign(kestrel.claims(extra=1))).status_code == 403


def test_the_agent_itself_is_told_what_to_do_before_its_time_comes(kestrel, at):
    body = kestrel.sign(kestrel.wish(**{"issued-at": (at.now + timedelta(seconds=5)).isoformat()}))
    early = kestrel.sends(body)
    at.now += timedelta(seconds=6)

    assert (early.status_code, early.json().get("fatal")) == (400, None)
    assert kestrel.sends(body).status_code == 200


@pytest.mark.parametrize(
    "place",
    ["/v1/data-rights-request", "/v1/data-rights-request/x", "/v1/agent/KESTREL", "/.well-known/data-rights.json"],
)
def test_a_verb_that_nothing_takes_is_refused_in_the_protocols_form(kestrel, place):
    answer = kestrel.client.put(place, "{}", content_type="text/plain", headers=kestrel.bearer)

    assert answer.headers["Allow"]
    refused(answer, 405)


def test_an_agent_whom_nobody_listed_gets_no_token(db, at):
    answer = Machine(at.now, "STRANGER").sets_up()

    assert (answer.status_code, answer.content) == (403, b"")


def test_the_path_names_the_agent_that_signs(kestrel, at):
    Machine(at.now, "MERLIN").listed()

    assert kestrel.sets_up(kestrel.sign(kestrel.claims(extra=1)), "MERLIN").status_code == 403
    assert kestrel.client.get("/v1/agent/KESTREL", headers=kestrel.bearer).json() == {}
    assert kestrel.client.get("/v1/agent/MERLIN", headers=kestrel.bearer).status_code == 403


def test_a_new_token_ends_the_one_before(kestrel):
    old = kestrel.bearer
    kestrel.sets_up(kestrel.sign(kestrel.claims(extra=1)))

    assert kestrel.client.get("/v1/agent/KESTREL", headers=old).status_code == 403
    assert kestrel.client.get("/v1/agent/KESTREL", headers=kestrel.bearer).status_code == 200


def test_the_token_itself_is_kept_nowhere_and_its_making_is_told(kestrel, caplog):
    caplog.set_level(logging.INFO, logger="forecourt.security")
    kestrel.sets_up(kestrel.sign(kestrel.claims(extra=1)))
    kestrel.sets_up("AAAA")

    assert kestrel.token.encode() not in bytes(Agent.objects.get().token_digest)
    assert kestrel.token not in caplog.text
    assert [record.security for record in caplog.records if record.name == "forecourt.security"] == [
        {"event": "signed-in", "way": "agent-token", "who": "KESTREL"},
        {"event": "page-refused", "page": "agents:agent"},
    ]


@given(st.binary(max_size=300))
def test_bytes_that_nobody_signed_are_always_refused(body):
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

    with pytest.raises(envelope.Refused):
        envelope.open_signed(body, key)


@given(at=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_one_changed_byte_breaks_the_signature(at, flip):
    key = Ed25519PrivateKey.generate()
    whole = bytearray(base64.b64decode(sealed(b'{"exercise": "deletion"}', key)))
    whole[at % len(whole)] ^= flip

    with pytest.raises(envelope.Refused):
        envelope.open_signed(base64.b64encode(whole), key.public_key().public_bytes_raw())


def test_a_name_that_no_agent_can_have_is_refused_as_an_unknown_one_is(kestrel):
    answers = [kestrel.sets_up(code=code) for code in ("MERLIN", "%00", "x" * 300)]

    assert [(one.status_code, one.content) for one in answers] == [(403, b"")] * 3
