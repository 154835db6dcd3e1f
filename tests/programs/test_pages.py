"""The programs' pages and forms as a visitor meets them, without JavaScript and without cookies."""

import html
import re

import pytest

from forecourt.adapters import keystore
from forecourt.edge import public_pages
from forecourt.programs import claims, pack
from forecourt.programs.models import Claim
from forecourt.web.menu import all_links
from tests.programs.sending import photo

pytestmark = pytest.mark.django_db
SLUGS = [program.slug for program in pack.programs()]
CLAIMED = [program.slug for program in pack.programs() if program.kind != "finance"]


def read(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("slug", SLUGS)
def test_each_program_has_a_page_for_everybody_and_a_form_that_asks_little(client, at, slug):
    page, form = client.get(f"/programs/{slug}/"), client.get(f"/programs/{slug}/form/")

    assert (page.status_code, form.status_code) == (200, 200)
    assert public_pages.is_public(f"/programs/{slug}/", frozenset())
    assert not public_pages.is_public(f"/programs/{slug}/form/", frozenset())
    assert "programs/program.css" in read(page)
    assert "programs/program.css" in read(form)
    assert not page.cookies
    assert not form.cookies
    assert set(form.context["form"].fields) <= {
        "nonce",
        "chosen",
        "car",
        "document",
        "amount",
        "months",
        "name",
        "contact",
        "address",
    }
    assert not re.search(r"<(input|option)[^>]* (checked|selected)", read(form))


@pytest.mark.parametrize("slug", CLAIMED)
def test_the_notice_beside_the_form_says_how_long_and_the_days_are_the_programs_own(client, at, slug):
    notice = dict(client.get(f"/programs/{slug}/form/").context["notice"])
    program = pack.program(slug)

    assert set(notice) == {"What", "Why", "Who sees it", "How long", "Sold?"}
    assert f"{program.terms.decide.days} days at most" in notice["How long"]
    keep = program.terms.keep.days
    assert ("for a year" if keep == 365 else f"for {keep} days") in notice["How long"]


def test_the_menu_leads_to_each_of_them(at):
    shopping = {link.href for group, link in all_links() if group == "shopping"}

    assert {f"/programs/{slug}/" for slug in SLUGS} <= shopping


def test_a_sent_claim_shows_its_number_and_can_be_taken_back(send, client, at):
    sent = send("military")
    claim = Claim.objects.get()
    page = client.get(sent["Location"])

    assert (sent.status_code, sent["Location"]) == (303, f"/claims/{claims.token_of(claim.nonce)}/")
    assert not sent.cookies
    assert claim.case.reference in read(page)
    assert page["Cache-Control"] == "no-store"
    back = client.post(f"{sent['Location']}withdrawal/", follow=True)
    assert "Taken back" in read(back)
    claim.refresh_from_db()
    assert claim.answer == "withdrawn"


def test_pressing_twice_leads_to_the_same_claim(send, at):
    from forecourt.web import forms

    nonce = forms.new_nonce("program", at.now)
    first, second = send(nonce=nonce), send(nonce=nonce)

    assert first["Location"] == second["Location"]
    assert Claim.objects.count() == 1
    other = send(nonce=nonce, contact="bruno@post.example")
    assert other.status_code == 409
    assert "Press the button again" in read(other)
    assert "bruno@post.example" in read(other)


@pytest.mark.parametrize(
    ("answer", "says"), [("yes", "Show this page to your dealer"), ("no", "did not show what it had to")]
)
def test_the_claims_own_page_tells_the_answer(send, client, at, answer, says):
    sent = send("military")
    claims.answer(Claim.objects.get(), answer == "yes", at.now)

    page = read(client.get(sent["Location"]))

    assert says in page
    assert "were destroyed with the answer" in page
    assert "Ada" not in page


def test_what_nobody_answered_in_time_says_whose_fault_it_was(send, client, at):
    sent = send("diplomatic")
    at.now = Claim.objects.get().discard_at
    claims.discard_overdue(at.now)

    assert "That was our fault" in read(client.get(sent["Location"]))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"file": b"MZ program"}, "neither a photo nor a PDF"),
        ({"file": b""}, "That file is empty"),
        ({"file": b"%PDF-" + b" " * 5_300_000}, "larger than 5 MB"),
        ({"name": "   "}, "Enter your name"),
        ({"contact": "ada@"}, "should look like name@example.com"),
        ({"chosen": "admiral"}, "Choose one of these"),
        ({"nonce": "made up"}, "press the button again"),
        ({"rank": "admiral"}, "something that we do not ask for (rank)"),
    ],
)
def test_a_mistake_is_told_kindly_and_nothing_typed_is_lost(send, at, more, says):
    answer = send("military", **more)

    page = read(answer)
    assert answer.status_code == 422
    assert says in page
    assert (more.get("contact") or "ada.brightwater@post.example") in page
    assert not Claim.objects.exists()


def test_a_form_that_comes_back_says_that_the_file_has_to_be_chosen_again(send, at):
    assert "Choose your file again" in read(send("military", contact="ada@"))


def test_a_form_without_its_file_asks_for_it(client, at):
    from forecourt.web import forms

    answer = client.post("/programs/military/form/", {"nonce": forms.new_nonce("program", at.now)})

    assert answer.status_code == 422
    assert "Choose a photo (JPEG or PNG) or a PDF." in read(answer)


@pytest.mark.parametrize(
    ("amount", "status"),
    [
        ("640", 303),
        ("$1,240.50", 303),
        ("640.5", 303),
        ("1e9", 422),
        ("-3", 422),
        ("NaN", 422),
        ("0.001", 422),
        ("lots", 422),
    ],
)
def test_sums_are_read_as_people_write_them_and_to_the_cent(send, at, amount, status):
    answer = send("mobility", amount=amount)

    assert answer.status_code == status, read(answer)
    if status == 422:
        assert "dollars and cents" in read(answer) or "Enter the sum" in read(answer) or "more than any" in read(answer)


def test_a_photo_is_taken_as_well(send, at):
    assert send("military", file=photo("PNG")).status_code == 303
    assert Claim.objects.get().document.kind == "image/jpeg"


@pytest.mark.parametrize("slug", CLAIMED)
def test_whoever_said_that_they_are_under_13_is_asked_for_nothing(client, at, send, slug):
    client.cookies["age"] = "under-13"

    form, sent = client.get(f"/programs/{slug}/form/"), send(pack.program(slug).kind)

    assert (form.status_code, sent.status_code) == (403, 403)
    assert "grown-ups" in read(form)
    assert "<input" not in re.sub(r"<header.*?</header>", "", read(form), flags=re.S)
    assert not Claim.objects.exists()
    assert client.get(f"/programs/{slug}/").status_code == 200


def test_whoever_limited_sensitive_data_hears_that_the_limit_stands_and_can_claim(client, at, send):
    client.cookies["choices"] = "sensitive-no"

    assert "Your limit on sensitive data stands" in read(client.get("/programs/mobility/form/"))
    assert send("mobility").status_code == 303
    del client.cookies["choices"]
    assert "Your limit" not in read(client.get("/programs/mobility/form/"))


def test_products_say_what_they_leave_out_before_any_field(client, at):
    program = pack.of_kind("protection")
    page, form = (read(client.get(f"/programs/{program.slug}/{part}")) for part in ("", "form/"))

    assert 'name="contact"' not in page
    for product in program.products:
        for said in (page, form.partition('name="contact"')[0]):
            assert f"${product.price:,.0f}" in said
            assert all(line in said for line in product.excludes)
            assert said.index(product.excludes[0]) < said.index(product.covers[0])


@pytest.mark.parametrize("address", ["/programs/nothing/", "/programs/nothing/form/", "/claims/abc/", "/claims/%00/"])
def test_what_is_not_there_says_so(client, at, address):
    assert client.get(address).status_code == 404


def test_a_guessed_address_of_a_claim_opens_nothing(make, client, at):
    claim = make()
    token = claims.token_of(claim.nonce)

    for guess in (token[:-1], token.swapcase(), claim.nonce.hex, claim.case.reference, str(claim.pk)):
        assert client.get(f"/claims/{guess}/").status_code == 404
    assert keystore.get(claim.submission_id)


def test_a_brand_without_programs_has_no_trace_of_them(settings, client, at, tmp_path):
    settings.BRAND = tmp_path
    assert pack.programs() == ()
    assert list(pack.menu_links()) == []


def test_the_form_comes_from_our_own_pages_only(client, at):
    answer = client.post("/programs/military/form/", {}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
