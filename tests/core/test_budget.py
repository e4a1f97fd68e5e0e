"""The arithmetic of the request budget: never more than the limit in any window, whoever asks (R41)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.budget import BLOCK, Grant, Usage, Window, pause, take

WINDOWS = (Window(120, 60), Window(1_000, 3600))


@given(st.lists(st.tuples(st.floats(0, 30), st.sampled_from("ab"), st.sampled_from([0.5, 0.9, 1.0])), max_size=60))
def test_no_minute_holds_more_than_the_limit(asked: list[tuple[float, str, float]]) -> None:
    usage, now, granted = Usage(), 1_000_000.0, []
    for wait, holder, share in asked:
        now += wait
        grant = take(usage, WINDOWS, share, holder, now)
        usage = grant.usage
        granted.append((now, grant.granted))
        assert 0 <= grant.granted <= BLOCK
        assert bool(grant.granted) is not bool(grant.wait)
        for start, _ in granted:
            inside = sum(count for at, count in granted if start <= at < start + 60)
            assert inside <= 120


@given(st.floats(0, 600), st.sampled_from([0.5, 1.0]))
def test_after_its_wait_there_is_something_again(into: float, share: float) -> None:
    usage, now = Usage(), 1_000_000.0 + into
    while (grant := take(usage, WINDOWS, share, "a", now)).granted:
        usage = grant.usage
    assert grant.wait > 0
    assert take(usage, WINDOWS, share, "a", now + grant.wait).granted


def test_the_rest_is_kept_for_the_classes_above() -> None:
    usage, now = Usage(), 1_000_000.0
    while (grant := take(usage, WINDOWS, 0.9, "bulk", now)).granted:
        usage = grant.usage
    assert take(usage, WINDOWS, 1.0, "person", now).granted


def test_nobody_sends_in_a_pause() -> None:
    usage, now = pause(Usage(), 1_000_030.0), 1_000_000.0
    grant = take(usage, WINDOWS, 1.0, "a", now)
    assert (grant.granted, grant.wait) == (0, 30.0)
    assert take(usage, WINDOWS, 1.0, "a", now + 30.5).granted


# Slices of 10 and of 600 seconds; NOW is the beginning of one of each: the 100,020th and the 1,667th.
NOW = 1_000_200.0
MINUTE, HOUR = 100_020, 1_667
QUIET = Usage(({}, {}), {"a": NOW})


def _used(minute: int, hour: int = 0, **holders: float) -> Usage:
    """So much of each window was granted in the present slice."""
    return Usage(({MINUTE: minute}, {HOUR: hour}), holders)


@pytest.mark.parametrize(
    ("usage", "share", "granted"),
    [
        (Usage(), 1.0, BLOCK),
        (_used(100), 1.0, 20),
        (_used(101), 1.0, 19),
        (_used(119), 1.0, 1),
        (_used(0, 985), 1.0, 15),  # the window that has the least left decides
        (_used(49), 0.5, 11),  # of half the window
        (_used(50, 0, b=NOW), 1.0, 20),
        (_used(90, 0, b=NOW), 1.0, 15),  # shared with who else asked of late
        (_used(91, 0, b=NOW), 1.0, 15),  # what is uneven is rounded up
        (_used(92, 0, b=NOW, c=NOW), 1.0, 10),
        (_used(90, 0, b=NOW - 59.5), 1.0, 15),
        (_used(90, 0, b=NOW - 60), 1.0, 20),  # but not for a minute
        (_used(90, 0, a=NOW - 1), 1.0, 20),
        (Usage(({MINUTE - 6: 110}, {HOUR - 6: 1})), 1.0, 10),  # a slice counts until it has left the window whole
        (Usage(({MINUTE - 7: 110}, {HOUR - 7: 999})), 1.0, BLOCK),
        (Usage(({MINUTE - 7: 110, MINUTE - 1: 60, MINUTE: 45}, {})), 1.0, 15),
    ],
)
def test_what_is_granted(usage: Usage, share: float, granted: int) -> None:
    grant = take(usage, WINDOWS, share, "a", NOW)
    assert (grant.granted, grant.wait) == (granted, 0.0)


@pytest.mark.parametrize(
    ("usage", "windows", "share", "wait"),
    [
        (_used(120), WINDOWS, 1.0, 70.0),
        (_used(60), WINDOWS, 0.5, 70.0),
        (_used(70), WINDOWS, 0.5, 70.0),  # others had more than this share
        (Usage(({MINUTE - 6: 60, MINUTE: 60}, {})), WINDOWS, 1.0, 10.0),  # until the oldest slice has left
        (_used(120, 1_000), WINDOWS, 1.0, 4_200.0),  # until both have something
        (_used(30, 1_000), WINDOWS, 1.0, 4_200.0),
        (_used(120, 999), WINDOWS, 1.0, 70.0),
        (_used(119, 1_000), WINDOWS, 1.0, 4_200.0),
        (Usage(), (Window(1, 60),), 0.5, 1.0),  # a share of less than one request
        (replace(QUIET, paused=NOW + 30), WINDOWS, 1.0, 30.0),
    ],
)
def test_where_nothing_is_left_it_is_told_how_long_to_wait(
    usage: Usage, windows: tuple[Window, ...], share: float, wait: float
) -> None:
    grant = take(usage, windows, share, "a", NOW)
    assert (grant.granted, grant.wait, grant.expires) == (0, wait, NOW)


def test_a_grant_is_kept_with_its_holder_until_the_end_of_its_slice() -> None:
    usage = Usage(({MINUTE - 7: 1, MINUTE - 6: 2, MINUTE: 3}, {HOUR: 4}), {"b": NOW - 5, "c": NOW - 60}, NOW)
    after = Usage(({MINUTE - 6: 2, MINUTE: 23}, {HOUR: 24}), {"b": NOW - 5, "a": NOW + 4}, NOW)
    assert take(usage, WINDOWS, 1.0, "a", NOW + 4) == Grant(after, 20, NOW + 10)
    assert take(Usage(), WINDOWS, 1.0, "a", NOW) == Grant(_used(20, 20, a=NOW), 20, NOW + 10)


def test_who_gets_nothing_is_a_holder_all_the_same() -> None:
    assert take(_used(120), WINDOWS, 1.0, "a", NOW).usage == _used(120, a=NOW)
    paused = replace(QUIET, paused=NOW + 1)
    assert take(paused, WINDOWS, 1.0, "b", NOW).usage == replace(paused, holders={"a": NOW, "b": NOW})


def test_a_pause_ends_at_its_moment_and_a_shorter_one_does_not_end_it() -> None:
    paused = pause(pause(QUIET, NOW), NOW - 30)
    assert paused == replace(QUIET, paused=NOW)
    assert take(paused, WINDOWS, 1.0, "a", NOW - 0.5).wait == 0.5
    assert take(paused, WINDOWS, 1.0, "a", NOW).granted == BLOCK


def test_usage_of_other_windows_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        take(Usage(({},)), WINDOWS, 1.0, "a", NOW)
