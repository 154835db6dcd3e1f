"""Saved cars: found by their cookie alone, shown by their link alone, readable when the rules have changed, gone on their day."""

import html
import re
import secrets
import threading
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from forecourt.consent import policies
from forecourt.people import subjects
from forecourt.people.models import Opening, Subject
from forecourt.vehicles import options
from forecourt.vehicles.builds import again, shelves
from forecourt.vehicles.builds.models import MOST, SavedBuild, Shelf
from forecourt.vehicles.builds.wishes import Wishes
from tests.people.test_raw_dump import dump, is_in

LIST = "/build/saved/"
YEAR = timedelta(days=365)


@pytest.fixture
def ada(db, at) -> Client:
    return Client()


def press_save(client, build="gorse.fan-16", line="siskin", follow=True):
    return client.post(f"{LIST}new/", {"line": line, "b": build, "state": ""}, follow=follow)


def shown(answer) -> str:
    return html.unescape(answer.content.decode())


def the_list(client) -> str:
    return shown(client.get(LIST))


def press(client, build: SavedBuild, what: str, **data):
    return client.post(f"{LIST}{build.pk}/{what}/", data, follow=True)


def only() -> SavedBuild:
    return SavedBuild.objects.get()


def wished(text, line="siskin") -> Wishes:
    return Wishes.read(options.of_line(line), text)


def kept(text, at, token="", line="siskin"):
    return shelves.save(token, wished(text, line), lasts=YEAR, now=at.now)


def test_looking_sets_no_cookie_and_the_press_says_that_it_sets_one(ada):
    page = ada.get("/build/siskin/", {"b": "gorse"})
    assert not page.cookies
    assert "Save this car, with a cookie" in shown(page)

    answer = press_save(ada)

    assert "Saved on this device" in shown(answer)
    assert answer.redirect_chain[0][0].startswith("/build/siskin/?b=gorse.fan-16&cookie=saved_builds")
    held = ada.cookies["saved_builds"]
    assert (held["max-age"], held["httponly"], held["path"]) == (365 * 86_400, True, "/")
    assert len(held.value) == 32
    assert "Siskin in Gorse" in the_list(ada)


def test_where_the_cookie_is_refused_the_address_is_offered_and_nothing_stays(ada, at):
    answer = press_save(ada, follow=False)
    ada.cookies.clear()
    page = shown(ada.get(answer["Location"]))

    assert "Your browser kept no cookie" in page
    assert "Keep the address of the page on which you build instead" in page
    assert "Saved on this device" not in page
    at.now += timedelta(minutes=61)
    shelves.forget_expired(at.now)
    assert not SavedBuild.objects.exists()
    assert not Subject.objects.exists()


def test_what_the_browser_kept_stays_for_a_year_after_the_last_save_and_goes_on_the_day(ada, at):
    press_save(ada)
    subject = Shelf.objects.get().pk
    at.now += timedelta(days=300)
    shelves.forget_expired(at.now)
    press_save(ada, "slate")
    at.now += timedelta(days=364)
    shelves.forget_expired(at.now)
    assert SavedBuild.objects.count() == 2

    at.now += timedelta(days=1)

    assert "None is saved on this device" in the_list(ada)
    assert shelves.forget_expired(at.now) == 1
    assert not SavedBuild.objects.exists()
    assert subjects.is_erased(subject)


def test_the_same_car_twice_is_one_and_an_order_of_presses_is_no_other_car(ada):
    press_save(ada, "gorse.fan-16")
    press_save(ada, "fan-16.gorse")
    press_save(ada, "gorse.fan-16", line="siskin")

    assert SavedBuild.objects.count() == 1


def test_a_shelf_ends_and_says_so_and_the_car_is_not_lost(ada):
    for option in [each.slug for each in options.of_line("siskin").range.extras][: MOST + 1]:
        answer = press_save(ada, option)

    page = shown(answer)
    assert answer.status_code == 409
    assert f"{MOST} cars fit on this device" in page
    assert f'href="/build/siskin/?b={option}"' in page
    assert SavedBuild.objects.count() == MOST


def test_a_press_many_times_at_once_puts_no_more_on_a_shelf_than_fit(fresh_database, at):
    token = kept("gorse", at).token
    shelves.confirm(token, lasts=YEAR, now=at.now)
    extras = [each.slug for each in options.of_line("siskin").range.extras][:16]
    together = threading.Barrier(len(extras))
    refused = []

    def save(option):
        together.wait()
        try:
            kept(option, at, token)
        except shelves.Full:
            refused.append(option)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[option]) for option in extras]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert SavedBuild.objects.count() == MOST
    assert len(refused) == len(extras) + 1 - MOST


def test_another_browser_finds_nothing_and_changes_nothing(ada):
    press_save(ada)
    build, stranger = only(), Client()

    assert "None is saved on this device" in the_list(stranger)
    for what in ("name", "link", "link/removal", "deletion"):
        answer = stranger.post(f"{LIST}{build.pk}/{what}/", {"name": "mine"} if what == "name" else {})
        assert answer.status_code == 404
        assert "not saved on this device" in shown(answer)
    press_save(stranger, "slate")
    assert press(stranger, build, "deletion").status_code == 404
    assert SavedBuild.objects.count() == 2


def test_ten_thousand_guesses_open_nothing(ada, at):
    press_save(ada)
    token = shelves.share(only())
    guesses = [secrets.token_urlsafe(24) for _ in range(2_000)]
    guesses += map(str, range(4_000))
    guesses += [str(uuid.uuid4()) for _ in range(2_000)]
    guesses += [token[:place] + letter + token[place + 1 :] for place in range(31) for letter in "abcdefghij0123456789"]
    guesses = [guess for guess in dict.fromkeys(guesses) if guess != token]
    guesses += [secrets.token_urlsafe(24) for _ in range(10_000 - len(guesses))]

    assert len(guesses) == 10_000
    assert not SavedBuild.objects.filter(link_digest__in=[shelves.digest(guess) for guess in guesses]).exists()
    assert not Shelf.objects.filter(index__in=[shelves.index(guess) for guess in guesses]).exists()
    for guess in guesses[::500]:
        assert Client().get(f"/build/shared/{guess}/").status_code == 404
    assert shelves.shown_by(token, at.now) == only()


def test_a_link_shows_the_car_and_nothing_of_its_owner(ada):
    press_save(ada, "gorse")
    build = only()
    press_save(ada, "midnight.armrest")
    press(ada, build, "name", name="Ada’s secret sister car")
    page = html.unescape(press(ada, build, "link").content.decode())
    link = re.search(r"/build/shared/[\w-]+/", page)[0]

    answer = Client().get(link)
    seen = shown(answer)

    assert "Siskin in Gorse" in seen
    assert 'href="/build/siskin/?b=gorse"' in seen
    for told in ("secret sister", "Midnight", str(build.pk), ada.cookies["saved_builds"].value, "December"):
        assert told not in seen
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert not answer.cookies


def test_a_link_that_is_stopped_shows_nothing_and_the_next_one_is_another(ada):
    press_save(ada)
    first = shelves.share(only())
    assert shelves.share(only()) == first

    press(ada, only(), "link/removal")

    gone = Client().get(f"/build/shared/{first}/")
    assert gone.status_code == 404
    assert "This link shows no car, or not any more" in shown(gone)
    press(ada, only(), "link")
    assert shelves.link_of(only()) != first
    assert Client().get(f"/build/shared/{first}/").status_code == 404


def test_a_name_is_kept_sealed_and_read_with_its_purpose_logged(ada):
    press_save(ada)
    press(ada, only(), "name", name="  For the  coast <b> ")

    assert "<h2>For the  coast &lt;b&gt;</h2>" in ada.get(LIST).content.decode()
    assert b"coast" not in bytes(only().name)
    opening = Opening.objects.get()
    assert (opening.purpose, opening.subject) == ("show-saved-builds", Shelf.objects.get().pk)
    press(ada, only(), "name", name="")
    assert "<h2>Siskin in Gorse</h2>" in the_list(ada)


def test_a_name_that_is_too_long_is_asked_for_again_with_what_was_typed(ada):
    press_save(ada)
    answer = press(ada, only(), "name", name="x" * 61)

    assert answer.status_code == 422
    assert "Choose a shorter name" in shown(answer)
    assert f'value="{"x" * 61}"' in shown(answer)
    assert only().name is None


def test_deleting_the_last_one_takes_shelf_key_and_cookie_along(ada):
    press_save(ada)
    press_save(ada, "slate")
    first, last = SavedBuild.objects.all()

    press(ada, first, "deletion")
    assert ada.cookies["saved_builds"].value
    press(ada, last, "deletion")

    assert not ada.cookies["saved_builds"].value
    assert subjects.is_erased(last.shelf_id)
    assert not Subject.objects.exists()


def test_the_page_of_cookies_says_what_it_finds_and_deletes_it_with_the_cars(ada):
    press_save(ada)
    press_save(ada, "slate")
    assert "It finds the 2 cars that you saved on this device." in shown(ada.get("/privacy/cookies/"))

    ada.post("/privacy/cookies/deletion/", {"name": "saved_builds"})

    assert not SavedBuild.objects.exists()
    assert "None is saved on this device" in the_list(ada)


def test_an_account_takes_a_browsers_cars_over_and_keeps_them_when_the_cookie_goes(ada, at):
    press_save(ada, "gorse")
    press(ada, only(), "name", name="The yellow one")
    link = shelves.share(only())
    token, person = ada.cookies["saved_builds"].value, uuid.uuid4()

    assert shelves.join(token, person, at.now) == 1

    assert shelves.of_browser(token, at.now) == []
    shelves.forget(token)
    at.now += timedelta(days=900)
    assert shelves.forget_expired(at.now) == 0
    [build] = shelves.of_person(person)
    assert shelves.names_of([build], purpose="show-saved-builds", now=at.now) == {build.pk: "The yellow one"}
    assert shelves.shown_by(link, at.now) == build
    assert shelves.join(token, person, at.now) == 0
    assert shelves.join("", person, at.now) == 0
    assert shelves.of_person(uuid.uuid4()) == []


def test_a_second_browser_joins_beside_the_first(ada, at):
    person = uuid.uuid4()
    for text in ("gorse", "slate"):
        saved = kept(text, at)
        shelves.join(saved.token, person, at.now)

    assert {build.title for build in shelves.of_person(person)} == {"Siskin in Gorse", "Siskin in Slate"}


def test_neither_where_somebody_lives_nor_a_readable_name_lies_in_the_database(fresh_database, ada):
    ada.post(f"{LIST}new/", {"line": "siskin", "b": "gorse", "state": "MN"})
    press(ada, only(), "name", name="Zebrafinch mobile")
    token = shelves.share(only())

    dumped = dump(fresh_database)

    for secret in ("Zebrafinch", token, ada.cookies["saved_builds"].value):
        assert not is_in(secret, dumped)
    assert "\tmn\t" not in dumped


# When the rules change


def changed(monkeypatch, change):
    """The line as a later brand pack has it."""
    from forecourt.vehicles.options import Compiled
    from forecourt.vehicles.rules import compiler

    now = options.of_line("siskin")
    later = change(now.range)
    compiled = Compiled(later, compiler.compile(later.problem), b"", "later")
    monkeypatch.setattr(options, "of_line", lambda slug: compiled if slug == "siskin" else None)
    return compiled


def without(*slugs):
    def change(found):
        families = tuple(
            replace(family, options=tuple(each for each in family.options if each.slug not in slugs))
            for family in found.families
        )
        extras = tuple(each for each in found.extras if each.slug not in slugs)
        return replace(found, families=tuple(map(cleaned, families)), extras=tuple(map(clean, extras)), starts=())

    def clean(option):
        return replace(
            option,
            requires=tuple(kept for any_of in option.requires if (kept := tuple(s for s in any_of if s not in slugs))),
            excludes=tuple(slug for slug in option.excludes if slug not in slugs),
            includes=tuple(slug for slug in option.includes if slug not in slugs),
            prices=tuple(row for row in option.prices if not set(row.having) & set(slugs)),
        )

    def cleaned(family):
        return replace(family, options=tuple(map(clean, family.options)))

    return change


def test_under_the_same_rules_a_saved_car_is_the_same_car(ada, at):
    press_save(ada, "five-16-dark.city-pack.~armrest")
    found = again.today(only(), at.now.date())

    assert found.is_the_same
    assert found.wishes.car == wished("five-16-dark.city-pack.~armrest").car
    assert found.total == only().total


def test_what_is_no_longer_offered_is_named_and_the_nearest_car_offered(ada, at, monkeypatch):
    press_save(ada, "gorse.armrest.fan-16")
    compiled = changed(monkeypatch, without("gorse", "armrest"))

    found = again.today(only(), at.now.date())
    page = the_list(ada)

    assert found.gone == ("Gorse", "Front armrest")
    assert compiled.diagram.allows(found.wishes.car)
    assert found.wishes.car["wheels"] == "fan-16"
    assert "No longer offered: Gorse, Front armrest." in page
    assert "Build the nearest" in page
    assert "Front armrest</th>" in page  # what it was made of is still there to read


def test_what_no_longer_goes_together_is_changed_as_little_as_can_be(ada, at, monkeypatch):
    press_save(ada, "gorse.roof-white")

    def forbid(found):
        families = tuple(
            replace(
                family,
                options=tuple(
                    replace(each, excludes=("roof-white",)) if each.slug == "gorse" else each for each in family.options
                ),
            )
            for family in found.families
        )
        return replace(found, families=families, starts=())

    compiled = changed(monkeypatch, forbid)
    found = again.today(only(), at.now.date())

    assert found.gone == ()
    assert len(found.changes) == 1
    assert compiled.diagram.allows(found.wishes.car)
    assert "So that the rest goes together:" in the_list(ada)


def test_a_default_that_changed_does_not_change_a_saved_car(ada, at, monkeypatch):
    press_save(ada, "gorse")
    was = only().parts

    def turned(found):
        return replace(
            found,
            families=tuple(replace(each, options=each.options[::-1]) for each in found.families),
            starts=(),
        )

    changed(monkeypatch, turned)
    found = again.today(only(), at.now.date())

    assert found.is_the_same
    assert {slug for slug, _, _ in was} == found.wishes.compiled.range.has(found.wishes.car)


def test_a_car_whose_line_is_gone_can_still_be_read(ada, monkeypatch):
    press_save(ada, "gorse")
    link = shelves.share(only())
    monkeypatch.setattr(options, "of_line", lambda slug: None)

    for page in (the_list(ada), shown(Client().get(f"/build/shared/{link}/"))):
        assert "It is not built to order any more" in page
        assert "Gorse</th>" in page
        assert "Build the nearest" not in page


def test_a_price_that_changed_is_said_beside_the_one_of_the_day(ada, at):
    press_save(ada, "winter-pack")
    at.now += timedelta(days=120)
    press_save(ada, "winter-pack")

    assert re.search(r"today\. It was \$[\d,]+ when it was saved", the_list(ada))


@pytest.mark.parametrize("build", ["", "~", "x" * 5000, "gorse.<script>", "\x00", "gorse" * 900])
def test_whatever_is_sent_a_car_is_saved(ada, build):
    press_save(ada, build)

    assert only().line == "siskin"
    assert "<script>" not in the_list(ada).split("<main", 1)[1].split("</main", 1)[0]


def test_no_such_line_and_a_field_too_many_are_refused(ada):
    assert press_save(ada, line="ostrich").status_code == 404
    assert press_save(ada, line="dunlin").status_code == 404
    answer = ada.post(f"{LIST}new/", {"line": "siskin", "b": "", "state": "", "email": "ada@post.example"})
    assert answer.status_code == 422
    assert not SavedBuild.objects.exists()


def test_a_policy_without_the_cookie_saves_nothing_and_offers_no_button(ada, monkeypatch, at):
    policy = policies.in_force(at.now)
    without_it = replace(policy, cookies={name: row for name, row in policy.cookies.items() if name != "saved_builds"})
    monkeypatch.setattr(policies, "in_force", lambda now: without_it)

    assert "Save this car" not in shown(ada.get("/build/siskin/", {"b": "gorse"}))
    assert press_save(ada).status_code == 404


def test_saved_cars_can_be_compared(ada):
    press_save(ada, "gorse")
    press_save(ada, "fan-17", line="pipit")
    press(ada, SavedBuild.objects.get(line="pipit"), "name", name="Weekends")

    page = shown(ada.get("/build/compare/", {"a": "siskin:gorse", "c": "pipit:fan-17"}))

    assert '<optgroup label="Saved on this device">' in page
    assert ">Weekends</option>" in page
    assert "Saved on this device" not in shown(Client().get("/build/compare/"))
