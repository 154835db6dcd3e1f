"""The screen on which an erasure is made to wait: one asks, another agrees."""

from datetime import timedelta

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.console import accounts
from forecourt.rights.erasure import holds
from forecourt.rights.models import ErasureHold

SCREEN = "/staff/holds/"


def case_of(ada, now) -> Case:
    return cases.open_case(Case.Kind.DELETE, came_by=Case.Channel.WEB, contact=ada.pk, by=None, now=now)


def asked(ada, now, **more) -> dict[str, str]:
    until = (now + timedelta(days=30)).date().isoformat()
    return {"case": case_of(ada, now).reference.lower(), "ground": "law", "until": until} | more


def test_whoever_asks_sees_the_hold_and_cannot_agree_to_it(desk, ada, now):
    assert desk.post(SCREEN, asked(ada, now)).status_code == 302
    hold = ErasureHold.objects.get()
    page = desk.get(SCREEN).content.decode()

    assert "nobody yet: it holds nothing" in page
    assert ">Agree<" not in page
    answer = desk.post(f"{SCREEN}{hold.pk}/approval/")
    assert (answer.status_code, "Somebody else has to agree" in answer.content.decode()) == (409, True)


def test_somebody_else_agrees_and_anybody_ends_it(desk, clerk, ada, now):
    other = accounts.add("correct horse battery", handle="desk-two2")
    until = now + timedelta(days=9)
    hold = holds.ask(ada.pk, case=case_of(ada, now).reference, ground="order", until=until, by=other, now=now)

    assert ">Agree<" in desk.get(SCREEN).content.decode()
    desk.post(f"{SCREEN}{hold.pk}/approval/")
    assert holds.in_force([ada.pk], now) == hold

    desk.post(f"{SCREEN}{hold.pk}/end/")
    hold.refresh_from_db()
    assert (hold.approved_by, hold.ended_by) == (clerk, clerk)
    assert "No hold stands" in desk.get(SCREEN).content.decode()


def test_a_wrong_number_a_case_about_nobody_and_a_far_day_are_told_kindly(desk, ada, now):
    nobody = cases.open_case(Case.Kind.QUESTION, came_by=Case.Channel.WEB, contact=None, by=None, now=now)
    for wrong, said in (
        ({"case": "3467-9999"}, "No case has this number"),
        ({"case": nobody.reference}, "about nobody yet"),
        ({"until": "2030-01-01"}, "at most a year"),
        ({"until": ""}, "required"),
    ):
        answer = desk.post(SCREEN, asked(ada, now, **wrong))
        assert answer.status_code == 400
        assert said in answer.content.decode()
    assert not ErasureHold.objects.exists()
