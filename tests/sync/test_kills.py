"""SIGKILL at random moments of a first sync, then another host: nothing twice, nothing missing (R13)."""

import os
import sys
import time
from pathlib import Path
from random import Random

from tests.sync.independent import compare
from tests.sync.installation import LEASE_SECONDS, Installation, installation

# `make soak` asks for more.
KILLS = int(os.environ.get("KILLS", "3"))
SLOWNESS = 0.06


def _killed_at(made: Installation, connection: str, run: str, random: Random) -> str:
    """The host is killed at a moment of its work; what the run was at then."""
    time.sleep(random.uniform(0.1, 1.3) + random.choice((0, 0, LEASE_SECONDS)))
    shown = made.get(f"connections/{connection}/runs/{run}")
    made.kill_hosts()
    made.start_host()
    return f"{shown['state']} {shown['stage']} {shown['progress']['done']}/{shown['progress']['total']}"


async def test_a_sync_that_is_killed_again_and_again_ends_in_step(tmp_path: Path) -> None:
    random = Random(os.environ.get("SEED", "7"))
    with installation(tmp_path, size=60) as made:
        made.oneplan.control("faults", {"rules": [{"kind": "latency", "seconds": SLOWNESS}]})
        made.start_host()
        connection, run = made.connect()
        moments = [_killed_at(made, connection, made.sync(connection), random) for _ in range(KILLS)]
        sys.stdout.write(f"\nkilled at: {', '.join(moments)}\n")
        run = made.sync(connection)
        shown = made.ended(connection, run)
        assert (shown["state"], shown["problem"], shown["counts"]["failures"]) == ("done", "", 0)
        made.oneplan.control("faults", {"clear": True})
        again = made.ended(connection, made.sync(connection))
        assert (again["counts"].get("created", 0), again["counts"]["waiting"]) == (0, 0)
        report = await compare(made.systems)
        assert report.problems == []
