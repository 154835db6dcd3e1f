"""The calendar file, read back by RFC 5545's own rules."""

import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from forecourt.interactions import actions, ics
from tests.cast import ADA, booked, make_dealer, path


def unfolded(body: str) -> list[str]:
    assert body.endswith("\r\n")
    assert "\n" not in body.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))
    return body.replace("\r\n ", "").split("\r\n")[:-1]


def test_the_file_holds_the_car_the_place_and_the_time_and_nothing_personal(db, at, client):
    dealer = make_dealer(at.now, name="Kettle; Sons, and the Greater Piedmont Triad’s Wren at Kernersville Crossing")
    drive = booked(ADA, dealer, at.now)
    answer = client.get(f"{path(drive)}calendar.ics")
    lines = unfolded(answer.content.decode())

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "DTSTART:20261205T153000Z" in lines
    assert "DTEND:20261205T161500Z" in lines
    assert "SUMMARY:Test drive: Wren Pipit" in lines
    assert (
        "LOCATION:Kettle\\; Sons\\, and the Greater Piedmont Triad’s Wren at Kernersville Crossing\\, 14 Kettle Street\\, Winston-Salem\\, NC 27101"
        in lines
    )
    assert [line for line in lines if line.startswith(("BEGIN", "END"))] == [
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "BEGIN:VALARM", "END:VALARM", "BEGIN:VALARM", "END:VALARM", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    assert not re.search("Ada|post.example|/test-drive/", "".join(lines))


def test_a_moved_and_a_cancelled_drive_replace_the_older_copy(dealer, at, client):
    drive = booked(ADA, dealer, at.now)
    actions.reschedule(drive, drive.starts_at + timedelta(hours=1), at.now)
    actions.cancel(drive, at.now)
    lines = unfolded(client.get(f"{path(drive)}calendar.ics").content.decode())

    assert "SEQUENCE:2" in lines
    assert "STATUS:CANCELLED" in lines
    assert f"UID:{drive.pk}@forecourt" in lines


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_a_folded_line_unfolds_to_itself(text):
    line = f"SUMMARY:{text}"
    folded = ics.folded(line)

    assert folded.replace("\r\n ", "") == line
    assert all(len(piece.encode()) <= 75 for piece in folded.split("\r\n"))
