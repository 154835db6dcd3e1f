"""In whose hands a case is, what staff signed, and how much one account may look at."""

import html
import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, connection, transaction
from django.test import Client

from forecourt.cases import actions as cases
from forecourt.cases.models import Case, Handover
from forecourt.console import accounts, actions, caps, undertakings
from forecourt.console.models import Tally, Undertaking
from forecourt.people.models import Opening
from forecourt.policy.problems import BrokenPack
from tests.console.signing_in import PASSWORD, SECRET, give_password, sign_in


def works_here(handle: str, now, *groups: str) -> User:
    from allauth.mfa.totp.internal.auth import TOTP

    user = accounts.add(PASSWORD, handle=handle, groups=groups, chosen=True)
    accounts.sign(user, now)
    TOTP.activate(user, SECRET)
    return user


@pytest.fixture
def colleague(db, now):
    return works_here("desk-c0la", now)


@pytest.fixture
def manager(db, now):
    return works_here("desk-m4na", now, accounts.MANAGERS)


@pytest.fixture
def outsider(db, now):
    return works_here("desk-0uts", now, accounts.OUTSIDERS)


@pytest.fixture
def case(ada, clerk, now):
    return actions.open_case(ada, Case.Kind.QUESTION, "phone", by=clerk, now=now)


@pytest.fixture
def from_the_web(ada, now):
    return cases.open_case(Case.Kind.QUESTION, came_by=Case.Channel.WEB, contact=ada.pk, by=None, now=now)


def desk_of(user: User) -> Client:
    return sign_in(Client(), user)


def page(answer) -> str:
    return html.unescape(answer.content.decode())


def looks_at(client: Client, case: Case):
    return client.get(f"/staff/contact/{case.contact}/", {"case": case.reference})


# Hands


def test_a_colleagues_case_opens_nobody(case, colleague, manager, ada):
    for somebody in (colleague, manager):
        answer = looks_at(desk_of(somebody), case)

        assert answer.status_code == 403
        assert "ada@example.com" not in page(answer)
        assert "desk-4f2k" in page(answer), "the page says who has it"
    assert not Opening.objects.filter(subject=ada.pk).exists()


def test_a_case_that_nobody_has_opens_nobody_until_somebody_takes_it(from_the_web, desk):
    assert looks_at(desk, from_the_web).status_code == 403
    assert "Take it" in page(desk.get(f"/staff/case/{from_the_web.reference}/"))

    desk.post(f"/staff/case/{from_the_web.reference}/taking/")

    assert "ada@example.com" in page(looks_at(desk, from_the_web))


def test_whoever_takes_a_case_second_is_told_who_has_it(from_the_web, desk, colleague, now):
    cases.take(from_the_web, colleague.username, now)

    answer = desk.post(f"/staff/case/{from_the_web.reference}/taking/")

    assert answer.status_code == 409
    assert "desk-c0la has this case." in page(answer)
    assert cases.holder(from_the_web) == colleague.username


def test_a_case_is_taken_once_however_many_press_at_once(fresh_database, now):
    from django.db import connections

    case = cases.open_case(Case.Kind.QUESTION, came_by=Case.Channel.WEB, contact=None, by=None, now=now)
    said: list[str] = []

    def press(who: str) -> None:
        try:
            cases.take(case, who, now)
            said.append(who)
        except cases.InOtherHands:
            pass
        finally:
            connections["default"].close()

    at_once = [threading.Thread(target=press, args=(f"desk-{number:04}",)) for number in range(8)]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()

    assert said == [cases.holder(case)]
    assert Handover.objects.count() == 1


def test_a_case_that_was_handed_over_opens_for_the_new_hands_and_for_no_others(case, desk, colleague):
    desk.post(f"/staff/case/{case.reference}/handover/", {"to": "DESK-C0LA "})

    assert looks_at(desk, case).status_code == 403
    assert "ada@example.com" in page(looks_at(desk_of(colleague), case))


def test_only_whoever_has_a_case_or_a_manager_hands_it_over_or_closes_it(case, colleague, manager, clerk):
    other = desk_of(colleague)
    assert other.post(f"/staff/case/{case.reference}/handover/", {"to": "desk-c0la"}).status_code == 403
    assert other.post(f"/staff/case/{case.reference}/closing/").status_code == 403
    case.refresh_from_db()
    assert (cases.holder(case), case.closed_at) == (clerk.username, None)

    desk_of(manager).post(f"/staff/case/{case.reference}/handover/", {"to": "desk-c0la"})
    assert cases.holder(case) == "desk-c0la"


@pytest.mark.parametrize("to", ["", "desk-none", "visitor-1"])
def test_a_case_is_handed_to_an_open_account_and_to_nothing_else(case, desk, clerk, to):
    answer = desk.post(f"/staff/case/{case.reference}/handover/", {"to": to})

    assert answer.status_code == 422
    assert cases.holder(case) == clerk.username


def test_a_case_is_not_handed_to_an_account_whose_undertaking_ran_out(case, desk, colleague, now, monkeypatch):
    Undertaking.objects.create(user=User.objects.get(username="desk-4f2k"), text_version="2026-10", signed_at=now,
                               until=now + timedelta(days=900))  # fmt: skip
    monkeypatch.setattr("forecourt.adapters.clock.now", lambda: now + timedelta(days=366))

    assert desk.post(f"/staff/case/{case.reference}/handover/", {"to": "desk-c0la"}).status_code == 422


def test_in_whose_hands_a_case_was_cannot_be_rewritten(from_the_web, clerk, now):
    cases.take(from_the_web, clerk.username, now)

    for change in ("UPDATE cases_handover SET \"to\" = 'x'", "DELETE FROM cases_handover"):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_my_cases_are_those_in_my_hands(case, from_the_web, desk, colleague, now):
    cases.hand_over(case, colleague.username, by="desk-4f2k", now=now)
    cases.take(from_the_web, "desk-4f2k", now)

    told = page(desk.get("/staff/"))

    assert from_the_web.reference in told
    assert case.reference not in told


# Contractors and partners


def test_somebody_from_outside_sees_the_case_handed_to_them_and_nothing_else(case, ada, outsider, now):
    client = desk_of(outsider)
    assert looks_at(client, case).status_code == 403
    assert client.get(f"/staff/case/{case.reference}/").status_code == 403
    for shut in (f"/staff/contact/{ada.pk}/case/", "/staff/find/", "/staff/stop/now/", "/staff/case/AAAA-AAAA/taking/"):
        assert client.post(shut, {"typed": "ada@example.com"}).status_code == 403
    for shut in ("/staff/work/", "/staff/claims/", "/staff/noes/", "/staff/who/", "/staff/stop/", "/staff/cms/"):
        assert client.get(shut).status_code == 403

    cases.hand_over(case, outsider.username, by="desk-4f2k", now=now)

    assert "ada@example.com" in page(looks_at(client, case))
    assert Opening.objects.get(subject=ada.pk, who=outsider.username).case == case.reference


def test_their_pages_offer_nothing_that_they_cannot_do(outsider):
    told = page(desk_of(outsider).get("/staff/"))

    assert 'role="search"' not in told
    assert "Stop everything" not in told
    assert "Your open cases" in told


def test_who_may_look_is_for_managers(desk, manager):
    assert desk.get("/staff/who/").status_code == 403
    told = page(desk_of(manager).get("/staff/who/"))
    assert "desk-4f2k" in told
    assert "open until December 1, 2027" in told


# What they signed


def test_the_database_opens_no_account_that_nobody_signed_for(db):
    user = accounts.add(PASSWORD, chosen=True)

    with pytest.raises(IntegrityError, match="no undertaking is on file"), transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=True)
    with pytest.raises(IntegrityError, match="no undertaking is on file"), transaction.atomic():
        User.objects.create_user("desk-x", password=PASSWORD, is_staff=True)
    visitor = User.objects.create_user("visitor-1")
    with pytest.raises(IntegrityError, match="no undertaking is on file"), transaction.atomic():
        User.objects.filter(pk=visitor.pk).update(is_staff=True)


def test_a_month_ahead_the_console_says_so_and_signing_again_opens_another_year(desk, clerk, now, monkeypatch):
    later = now + timedelta(days=336)
    monkeypatch.setattr("forecourt.adapters.clock.now", lambda: later)
    assert "Your undertaking runs out" in page(desk.get("/staff/"))

    wrong = desk.post("/staff/undertaking/", {"handle": "desk-none", "version": "2026-10"})
    assert wrong.status_code == 422
    desk.post("/staff/undertaking/", {"handle": "desk-4f2k", "version": "2026-10"})

    assert "Your undertaking runs out" not in page(desk.get("/staff/"))
    assert undertakings.runs_out(clerk, later) == later + timedelta(days=365)


def test_before_that_nothing_is_said(desk):
    assert "Your undertaking runs out" not in page(desk.get("/staff/"))


def test_words_that_changed_meanwhile_are_not_signed(desk, clerk, now):
    answer = desk.post("/staff/undertaking/", {"handle": "desk-4f2k", "version": "2025-01"})

    assert answer.status_code == 422
    assert "The words changed while you read them" in page(answer)
    assert Undertaking.objects.filter(user=clerk).count() == 1


@pytest.fixture
def newer_words(settings, tmp_path, now):
    """From the tenth of December on, other words are signed."""
    import shutil

    pack = tmp_path / "wren"
    shutil.copytree(settings.BRAND, pack)
    newer = pack / "undertakings" / "2026-12.md"
    newer.write_text(
        "---\nversion: 2026-12\nfrom: 2026-12-10\nlasts: 90\n---\n# Anew\n\n- I look at nobody.\n", "utf-8"
    )
    settings.BRAND = pack
    return now.replace(day=10, hour=0)


def test_newer_words_shut_whoever_did_not_sign_them_within_thirty_days(desk, clerk, newer_words, monkeypatch):
    at = newer_words
    monkeypatch.setattr("forecourt.adapters.clock.now", lambda: at)
    assert "Your undertaking runs out" in page(desk.get("/staff/"))
    assert "I look at nobody." in page(desk.get("/staff/undertaking/"))

    at = newer_words + timedelta(days=30)
    assert desk.get("/staff/").status_code == 403
    assert "This account is shut" in page(give_password(Client(), clerk.username))


def test_whoever_signed_the_newer_words_goes_on(desk, clerk, newer_words, monkeypatch):
    at = newer_words
    monkeypatch.setattr("forecourt.adapters.clock.now", lambda: at)
    desk.post("/staff/undertaking/", {"handle": "desk-4f2k", "version": "2026-12"})

    at = newer_words + timedelta(days=89)
    assert undertakings.runs_out(clerk, at) == newer_words + timedelta(days=90)


def test_the_manager_sees_whose_undertaking_runs_out(manager, clerk, now, monkeypatch):
    Undertaking.objects.create(user=manager, text_version="2026-10", signed_at=now, until=now + timedelta(days=900))
    monkeypatch.setattr("forecourt.adapters.clock.now", lambda: now + timedelta(days=365))

    client = desk_of(manager)

    assert "1 account about to shut, or shut by now" in page(client.get("/staff/"))
    assert "shut: its undertaking ran out" in page(client.get("/staff/who/"))


GOOD = "---\nversion: 2026-10\nfrom: 2026-09-01\nlasts: 365\n---\nI undertake it.\n"


@pytest.mark.parametrize(
    ("wrong", "line", "says"),
    [
        ("I undertake it.", 1, "begin with a line ---"),
        (GOOD.replace("lasts: 365\n", ""), 1, "lasts is missing"),
        (GOOD.replace("2026-09-01", "soon"), 3, "from is 'soon': write a day"),
        (GOOD.replace("365", "0"), 4, "lasts is '0': write a number of days"),
        (GOOD.replace("365", "ever"), 4, "lasts is 'ever': write a number of days"),
        (GOOD.replace("version: 2026-10", "version: A B"), 2, "version is 'A B'"),
        (GOOD.replace("lasts", "last"), 4, "means nothing here"),
        (GOOD.replace("I undertake it.", ""), 6, "there is nothing to sign"),
    ],
)
def test_a_wording_that_cannot_be_signed_is_refused_with_its_line(tmp_path, wrong, line, says):
    (tmp_path / "undertakings").mkdir()
    (tmp_path / "undertakings" / "2026-10.md").write_text(wrong, "utf-8")

    with pytest.raises(BrokenPack) as broken:
        undertakings.read(tmp_path)

    assert any(problem.line == line and says in problem.says for problem in broken.value.problems), broken.value


def test_two_wordings_of_one_day_or_none_at_all_are_refused(tmp_path):
    with pytest.raises(BrokenPack, match="there is no wording to sign"):
        undertakings.read(tmp_path)
    (tmp_path / "undertakings").mkdir()
    for name in ("a", "b"):
        (tmp_path / "undertakings" / f"{name}.md").write_text(GOOD, "utf-8")
    with pytest.raises(BrokenPack, match="two wordings begin on 2026-09-01"):
        undertakings.read(tmp_path)


# How much


def test_after_its_share_an_account_waits_for_the_next_hour(desk, clerk, now, monkeypatch):
    monkeypatch.setitem(caps.CAPS, caps.What.SEARCH, caps.Cap("searches", 2, 3))
    find = [desk.post("/staff/find/", {"typed": "nobody@post.example"}) for _ in range(3)]
    assert [answer.status_code for answer in find] == [404, 404, 429]
    assert "2 searches is as much as one account has this hour" in page(find[2])

    monkeypatch.setattr("forecourt.adapters.clock.now", lambda: now + timedelta(hours=1))
    again = [desk.post("/staff/find/", {"typed": "nobody@post.example"}) for _ in range(2)]
    assert [answer.status_code for answer in again] == [404, 429]
    assert "3 searches is as much as one account has today" in page(again[1])


def test_people_and_documents_are_counted_and_the_same_look_once(desk, case, ada, clerk, now, monkeypatch):
    monkeypatch.setitem(caps.CAPS, caps.What.PERSON, caps.Cap("people looked at", 1, 1))
    assert [looks_at(desk, case).status_code for _ in range(3)] == [200, 200, 200]

    second = actions.open_case(ada, Case.Kind.QUESTION, "phone", by=clerk, now=now)
    assert looks_at(desk, second).status_code == 429
    assert not Opening.objects.filter(case=second.reference).exists()


def test_the_manager_sees_who_had_enough(desk, manager, monkeypatch):
    monkeypatch.setitem(caps.CAPS, caps.What.SEARCH, caps.Cap("searches", 0, 0))
    desk.post("/staff/find/", {"typed": "nobody@post.example"})

    client = desk_of(manager)

    assert "Somebody looked at as much as an account may" in page(client.get("/staff/"))
    assert "<code>desk-4f2k</code>" in page(client.get("/staff/who/"))


def test_many_at_once_do_not_get_past_the_cap(fresh_database, now, monkeypatch):
    from django.db import connections

    monkeypatch.setitem(caps.CAPS, caps.What.SEARCH, caps.Cap("searches", 5, 100))
    user = accounts.add(PASSWORD, chosen=True)
    got: list[bool] = []

    def search() -> None:
        try:
            caps.count(user, caps.What.SEARCH, now)
            got.append(True)
        except caps.TooMany:
            got.append(False)
        finally:
            connections["default"].close()

    at_once = [threading.Thread(target=search) for _ in range(12)]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()

    assert sorted(got) == [False] * 7 + [True] * 5
    assert Tally.objects.values_list("count", "refused").get() == (5, 7)


def test_counts_go_after_ninety_days(db, now):
    user = accounts.add(PASSWORD, chosen=True)
    caps.count(user, caps.What.SEARCH, now)

    assert caps.forget_old(now + timedelta(days=89)) == 0
    assert caps.forget_old(now + timedelta(days=91)) == 1


def test_the_groups_are_there_from_the_start(db):
    assert {accounts.MANAGERS, accounts.OUTSIDERS} <= set(Group.objects.values_list("name", flat=True))
