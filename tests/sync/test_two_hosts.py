"""Two hosts on one storage share a run (R40, R41)."""

from pathlib import Path

from tests.sync.independent import compare
from tests.sync.installation import installation

SIZE = 120


async def test_two_hosts_share_a_run_and_neither_item_nor_budget_is_used_twice(tmp_path: Path) -> None:
    with installation(tmp_path, size=SIZE, rate_scale=0.6) as made:
        made.oneplan.control("faults", {"rules": [{"kind": "latency", "seconds": 0.05}]})
        made.start_host()
        made.start_host()
        connection, run = made.connect()
        shown = made.ended(connection, run)
        assert (shown["state"], shown["counts"]["failures"], shown["counts"]["waiting"]) == ("done", 0, 0)
        calls = made.oneplan.control("calls")
        assert calls["byStatus"].get("429", 0) == 0
        counts, routes = shown["counts"], calls["byRoute"]
        assert routes["POST /api/workplan"] == counts["plansLinked"]
        assert routes["POST /api/workplan/{plan}/tasks"] == counts["tasksLinked"]
        made.oneplan.control("faults", {"clear": True})
        at_work = [child.output(10_000).count("sync.run run") for child, _ in made.hosts]
        assert all(at_work), at_work
        made.oneplan.control("reset", {"calls": True})
        report = await compare(made.systems)
        assert report.problems == []
