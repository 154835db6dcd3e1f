"""The demo can move time forward for every process, and nobody else can."""

from datetime import UTC, datetime, timedelta

import pytest

from forecourt.adapters import clock


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO, settings.VAR = True, tmp_path


def ahead() -> timedelta:
    return clock.now() - datetime.now(UTC)


def near(moved: timedelta) -> bool:
    return abs(ahead() - moved) < timedelta(seconds=1)


def test_moves_add_up_and_a_reset_comes_back(demo):
    clock.move(timedelta(hours=3))
    clock.move(timedelta(days=1))

    assert near(timedelta(days=1, hours=3))
    clock.reset()
    clock.reset()
    assert near(timedelta())


def test_another_process_sees_the_move_at_once(demo, tmp_path):
    clock.move(timedelta(hours=1))
    assert near(timedelta(hours=1))

    (tmp_path / "demo" / "clock.new").write_text('{"offset_seconds": 7200}')
    (tmp_path / "demo" / "clock.new").rename(tmp_path / "demo" / "clock.json")

    assert near(timedelta(hours=2))


def test_time_does_not_go_backwards(demo):
    with pytest.raises(ValueError, match="moves forward"):
        clock.move(timedelta(seconds=-1))


def test_outside_the_demo_nothing_moves(demo, settings):
    clock.move(timedelta(days=1))
    settings.DEMO = False

    assert near(timedelta())
    for attempt in (clock.reset, lambda: clock.move(timedelta(days=1))):
        with pytest.raises(clock.NotMovable):
            attempt()
