"""The brake (R21)."""

import pytest

from shared.core.brake import RELEASE, Extent, Limits, brake

LIMITS = Limits(share=0.1, items=20)


@pytest.mark.parametrize(
    ("extent", "rule"),
    [
        (Extent(linked=1000, deleted=100), None),
        (Extent(linked=1000, deleted=101), "mass-change"),
        (Extent(linked=1000, deleted=40, moved=40, blanked=21), "mass-change"),
        (Extent(linked=50, deleted=20), None),
        (Extent(linked=50, moved=21), "mass-change"),
        (Extent(linked=0), None),
        (Extent(linked=0, azure_devops_now=0, oneplan_now=0), None),
        (Extent(linked=3, azure_devops_now=0), "empty-side"),
        (Extent(linked=1, oneplan_now=0), "empty-side"),
        (Extent(linked=3, oneplan_now=0), "empty-side"),
        (Extent(linked=3, azure_devops_now=1, oneplan_now=1), None),
    ],
)
def test_the_brake_stops_what_is_too_much(extent: Extent, rule: str | None) -> None:
    stop = brake(extent, LIMITS)
    assert (stop.rule if stop else None) == rule


@pytest.mark.parametrize(
    ("extent", "reason"),
    [
        (
            Extent(linked=100, deleted=30, moved=2, blanked=1),
            "the run would delete 30, move 2 and blank 1 of 100 connected items, and 20 are allowed; " + RELEASE,
        ),
        (Extent(linked=3, azure_devops_now=0), "Azure DevOps suddenly shows none of 3 connected items; " + RELEASE),
        (
            Extent(linked=3, azure_devops_now=3, oneplan_now=0),
            "OnePlan suddenly shows none of 3 connected items; " + RELEASE,
        ),
    ],
)
def test_the_reason_names_the_side_and_the_numbers(extent: Extent, reason: str) -> None:
    stop = brake(extent, LIMITS)
    assert stop is not None
    assert stop.reason == reason
