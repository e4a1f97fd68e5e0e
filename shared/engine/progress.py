"""How far a run is (R13): items done of all, and the time that the rest will take at the speed so far."""

from dataclasses import dataclass
from datetime import UTC, datetime

from shared.engine.lay_out import FINISH
from shared.engine.order_pages import ORDER
from shared.engine.parts import Engine
from shared.engine.scan import LAY_OUT, SCAN
from shared.ports import Run

PREPARING = {"find", SCAN, LAY_OUT, ORDER, FINISH}


@dataclass(frozen=True, slots=True)
class Progress:
    """`total` is 0 until it is known how much there is; `remaining_seconds` is None as long as nothing is known."""

    done: int
    total: int
    remaining_seconds: int | None


async def progress(engine: Engine, run: Run) -> Progress:
    """The progress of the run; one that is over has nothing left to do."""
    if run.over:
        total = run.counts.get("plans", 0) + run.counts.get("tasks", 0)
        return Progress(total, total, 0)
    pages = [page for page in await engine.pages.list(run.connection, run.id) if page.stage not in PREPARING]
    total = sum(page.size for page in pages)
    done = sum(page.size if page.state == "done" else len(page.finished) for page in pages)
    return Progress(done, total, _remaining(run, done, total))


def _remaining(run: Run, done: int, total: int) -> int | None:
    if not done or run.started is None:
        return None
    took = (datetime.now(UTC) - run.started).total_seconds()
    return round(took / done * (total - done))
