"""Which plans a feed names, and which feed takes the place of one that does not serve."""

from typing import Any

import httpx
import pytest

from shared.adapters.oneplan.change_feed import GroupChanges
from shared.core.errors import RateLimited, Unreachable
from shared.ports.changes import Known, Look, PlanChanges
from tests.clients.wire import Wire, ok, status

NOW = 1_790_000_000.0
LONG_AGO, LATELY = "2026-01-01T00:00:00Z", "2026-09-21T13:00:00Z"
HERE, GONE, ENDED = (f"{digit * 8}-0000-0000-0000-000000000000" for digit in "123")
KNOWN = Known({HERE: LONG_AGO}, 5.0, {ENDED: LONG_AGO})


def plan(id_: str, modified: str = LONG_AGO) -> dict[str, Any]:
    return {"id": id_, "Name": "A", "Modified": modified}


def feeds(plans: list[dict[str, Any]], audit: httpx.Response, find: httpx.Response | None = None) -> GroupChanges:
    """The feeds of a OnePlan that lists and finds these plans, at a share for one look at tasks."""
    found = find or ok({"Items": plans, "MoreItems": False})

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        return audit if "/audit/" in path else found if path.endswith("/find") else ok(plans)

    return GroupChanges(Wire([answer]).oneplan(), 0.1, lambda: NOW)


def whole(found: PlanChanges) -> set[str]:
    """The plans that are looked at themselves, not for their turn in the round through the tasks."""
    return {look.plan for look in found.looks if look.itself}


@pytest.mark.parametrize("feed", ["find", "sweep"])
async def test_a_plan_whose_pair_ended_costs_nothing_while_it_is_gone(feed: Any) -> None:
    group = feeds([plan(HERE)], ok([]))
    first = await group.changes(feed, {}, Known({HERE: LONG_AGO, GONE: LONG_AGO}, 5.0))
    assert whole(first) == {GONE}
    again = await group.changes(feed, {}, Known({HERE: LONG_AGO}, 5.0, {GONE: LONG_AGO}))
    assert again.looks == (Look(HERE, itself=False),)


@pytest.mark.parametrize("feed", ["find", "sweep"])
async def test_a_plan_that_is_back_is_looked_at_once(feed: Any) -> None:
    group = feeds([plan(HERE), plan(ENDED, "2026-01-01T00:00:01Z")], ok([]))
    first = await group.changes(feed, {}, KNOWN)
    assert whole(first) == {ENDED}
    again = await group.changes(feed, {**first.place, "listed": LONG_AGO}, KNOWN)
    assert whole(again) == set()
    gone = await feeds([plan(HERE)], ok([])).changes(feed, {**again.place, "listed": LONG_AGO}, KNOWN)
    assert whole(await group.changes(feed, {**gone.place, "listed": LONG_AGO}, KNOWN)) == {ENDED}


async def test_a_plan_that_is_back_and_was_saved_is_found_without_the_list() -> None:
    group = feeds([plan(ENDED, LATELY), plan(HERE)], ok([]))
    place = {"since": LONG_AGO, "findProven": "2027", "listed": "2027"}
    assert whole(await group.changes("find", place, KNOWN)) == {ENDED}


UNFIT = {
    "null": ok(None),
    "no list": ok({"Rows": []}),
    "502": status(502, "bad gateway", "text/plain"),
    "503": status(503),
    "no JSON": status(200, "<html>", "text/html"),
}


@pytest.mark.parametrize("answer", UNFIT.values(), ids=UNFIT)
async def test_an_audit_that_does_not_serve_gives_way_to_the_next_feed(answer: httpx.Response) -> None:
    found = await feeds([plan(HERE)], audit=answer).changes("auto", {}, KNOWN)
    assert (found.feed, "the audit does not answer" in found.reason) == ("find", True)
    assert found.place["auditUnfit"]["until"] > "2026-09-21"


@pytest.mark.parametrize("answer", UNFIT.values(), ids=UNFIT)
async def test_a_find_that_does_not_serve_gives_way_to_the_list(answer: httpx.Response) -> None:
    found = await feeds([plan(HERE)], audit=status(500), find=answer).changes("auto", {}, KNOWN)
    assert (found.feed, "plans cannot be found" in found.reason) == ("sweep", True)


async def test_a_limit_that_is_reached_and_an_outage_are_told_as_such() -> None:
    with pytest.raises(RateLimited):
        await feeds([plan(HERE)], audit=status(429)).changes("auto", {}, KNOWN)
    with pytest.raises(Unreachable):
        await GroupChanges(Wire([status(503)]).oneplan(), 0.1, lambda: NOW).changes("auto", {}, KNOWN)
