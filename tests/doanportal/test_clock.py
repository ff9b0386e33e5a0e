"""The clock: real outside the demo, shifted and ticking inside it, fixed within `at`."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from doanportal import clock

REAL = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
SPRING = datetime.fromisoformat("2023-03-24T20:40+07:00")


@pytest.fixture
def demo_clock(settings, tmp_path):
    settings.PORTAL_CLOCK_FILE = tmp_path / "clock.json"
    return settings.PORTAL_CLOCK_FILE


def test_now_without_clock_file_is_the_real_time():
    with time_machine.travel(REAL, tick=False):
        assert clock.now() == REAL
        assert clock.now().tzinfo is UTC
        assert not clock.is_shifted()


def test_today_is_the_day_in_vietnam_not_in_utc():
    with time_machine.travel(datetime(2023, 3, 24, 17, 30, tzinfo=UTC), tick=False):
        assert clock.today() == date(2023, 3, 25)


def test_set_demo_clock_shifts_now_and_lets_it_tick(demo_clock):
    with time_machine.travel(REAL, tick=False) as traveller:
        clock.set_demo_clock(SPRING)
        assert clock.now() == SPRING
        assert clock.is_shifted()
        traveller.shift(timedelta(minutes=5))
        assert clock.now() == SPRING + timedelta(minutes=5)


def test_set_demo_clock_again_is_seen_by_readers_that_cached_it(demo_clock):
    with time_machine.travel(REAL, tick=False):
        clock.set_demo_clock(SPRING)
        assert clock.now() == SPRING
        clock.set_demo_clock(SPRING + timedelta(days=30))
        assert clock.now() == SPRING + timedelta(days=30)


def test_demo_without_a_set_clock_shows_the_real_time(demo_clock):
    with time_machine.travel(REAL, tick=False):
        assert clock.now() == REAL
        assert not clock.is_shifted()


def test_set_demo_clock_outside_the_demo_is_refused():
    with pytest.raises(RuntimeError, match="demo"):
        clock.set_demo_clock(SPRING)


def test_at_fixes_the_time_and_gives_it_back(demo_clock):
    with time_machine.travel(REAL, tick=False):
        with clock.at(SPRING):
            assert clock.now() == SPRING
            assert clock.is_shifted()
            with clock.at(SPRING + timedelta(days=1)):
                assert clock.now() == SPRING + timedelta(days=1)
            assert clock.now() == SPRING
        assert clock.now() == REAL


def test_at_is_not_seen_by_other_threads():
    seen = []
    with time_machine.travel(REAL, tick=False), clock.at(SPRING):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen == [REAL]


def test_at_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="múi giờ"), clock.at(datetime(2023, 3, 24)):
        pass


def test_at_fixture_stops_the_clock_at_local_time(at):
    at("2023-03-24T20:40")
    assert clock.now() == SPRING
    at("2023-03-25T08:00")
    assert clock.today() == date(2023, 3, 25)
