"""When the nightly full sync is due, also where the clock of the zone jumps."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.schedule import next_full, next_incremental

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True, scope="module")
def elsewhere() -> Iterator[None]:
    """The machine's own zone, which must not matter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Pacific/Apia")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-24T00:59:59+00:00", "2026-11-24T01:00:00+00:00"),
        ("2026-11-24T01:00:00+00:00", "2026-11-25T01:00:00+00:00"),
        ("2026-03-28T12:00:00+00:00", "2026-03-29T01:00:00+00:00"),
        ("2026-10-24T12:00:00+00:00", "2026-10-25T00:00:00+00:00"),
        ("2026-10-25T00:30:00+00:00", "2026-10-26T01:00:00+00:00"),
    ],
    ids=["before", "at", "in the spring gap", "in autumn the first of two", "between the two"],
)
def test_the_full_sync_is_due_at_two_in_berlin(now: str, due: str) -> None:
    found = next_full(datetime.fromisoformat(now), "02:00", BERLIN)
    assert (found, found.tzinfo) == (datetime.fromisoformat(due), UTC)


@given(
    now=st.integers(1_577_836_800, 2_051_222_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    hour=st.integers(0, 23),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "UTC"]),
)
def test_a_full_sync_is_always_ahead_and_at_most_about_a_day(now: datetime, hour: int, zone: str) -> None:
    due = next_full(now, f"{hour:02}:30", ZoneInfo(zone))
    assert now < due <= now + timedelta(hours=50 if zone == "Pacific/Apia" else 26)


def test_a_timer_on_whole_minutes_skips_none() -> None:
    """It runs some milliseconds late, now more, now less."""
    due = next_incremental(datetime(2026, 11, 24, 1, 0, 3, 900_000, tzinfo=UTC), 5)
    assert due == datetime(2026, 11, 24, 1, 5, tzinfo=UTC)


def test_the_incremental_sync_is_due_minutes_ahead() -> None:
    now = datetime(2026, 11, 24, 1, tzinfo=BERLIN)
    due = next_incremental(now, 5)
    assert (due, due.tzinfo) == (datetime(2026, 11, 24, 0, 5, tzinfo=UTC), UTC)
