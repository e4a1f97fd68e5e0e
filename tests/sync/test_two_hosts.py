"""Two hosts on one storage share the work (R40, R41)."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.sync.independent import compare
from tests.sync.installation import Installation, installation

SIZE = 120
# Both hosts take at most 24 messages at once: this many edits are work for both.
EDITS = 60
PATIENCE = 90.0


@pytest.mark.timeout(300)
async def test_two_hosts_share_the_work_and_neither_item_nor_budget_is_used_twice(tmp_path: Path) -> None:
    with installation(tmp_path, size=SIZE, rate_scale=1.0) as made:
        made.oneplan.control("faults", {"rules": [{"kind": "latency", "seconds": 0.1}]})
        made.start_host()
        made.start_host()
        connection, run = made.connect()
        shown = made.ended(connection, run)
        assert (shown["state"], shown["counts"]["failures"], shown["counts"]["waiting"]) == ("done", 0, 0)
        counts, calls = shown["counts"], _calls(made)
        assert calls["POST /api/workplan"] == counts["plansLinked"]
        assert calls["POST /api/workplan/{plan}/tasks"] == counts["tasksLinked"]

        made.oneplan.control("reset", {"calls": True})
        tasks = _tasks(made)[:EDITS]
        for number in tasks:
            made.azure_devops.control("act", {"act": "update", "id": number, "fields": {"System.Title": f"E{number}"}})
        _wait_for_titles(made, {f"E{number}" for number in tasks})
        assert _calls(made)["POST /api/workplan/{plan}/tasks/{task}"] == len(tasks)
        at_work = [child.output(100_000).count("Executed work_hooks") for child, _ in made.hosts]
        assert all(at_work), at_work

        made.oneplan.control("faults", {"clear": True})
        report = await compare(made.systems)
        assert report.problems == []


def _calls(made: Installation) -> Mapping[str, int]:
    """How often each route of OnePlan was called; it never had to say that it was too often."""
    calls = made.oneplan.control("calls")
    assert calls["byStatus"].get("429", 0) == 0
    return dict(calls["byRoute"])


def _connected(made: Installation) -> list[Any]:
    """The tasks that carry a marker."""
    group = next(one for one in made.oneplan.control("state")["groups"] if one["plans"])
    return [one for one in group["tasks"].values() if one["Integration"]]


def _tasks(made: Installation) -> list[int]:
    return [int(one["Integration"]["ExternalItemId"]) for one in _connected(made)]


def _wait_for_titles(made: Installation, titles: set[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while missing := titles - {one["Name"] for one in _connected(made)}:
        assert time.monotonic() < deadline, sorted(missing)
        time.sleep(0.5)
