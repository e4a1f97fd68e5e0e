"""The end of a run: what it did, and the removal of what it needed."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from shared.core.brake import Stop
from shared.engine.parts import Engine
from shared.engine.setup import keep_setup_of
from shared.ports import Run

# Of a run that is not a full one: how many items and plans were looked at, and of them those that were not as agreed.
LOOKED, CHANGED = "looked", "changed"


async def finish(engine: Engine, run: Run) -> None:
    """The run is done; it shows the outcomes of its items, who waits, and how many failures there are."""
    counts: Counter[str] = Counter()
    for page in await engine.pages.list(run.connection, run.id):
        counts.update(page.counts)
    residues = linked = 0
    async for link in engine.links.list(run.connection):
        counts[f"{link.kind}sLinked"] += link.state == "linked"
        linked += link.state == "linked"
        residues += len(link.base.residues) if link.base else 0
    counts["waiting"] = await _waiting(engine, run.connection)
    counts["failures"] = len(await engine.failures.list(run.connection))
    await keep_setup_of(engine, run)
    counts["residues"] = residues
    await _end(
        engine, run, "done", "", counts, f"{counts['drifted']:,} of {linked:,} items differ; {residues:,} residues"
    )


async def _waiting(engine: Engine, connection: str) -> int:
    """How many items wait. Those that were linked by another way meanwhile wait no more."""
    still = 0
    for item in await engine.waiting.list(connection):
        link = await engine.links.get(connection, item.key)
        if link is not None and link.target:
            await engine.waiting.remove(connection, item)
        else:
            still += 1
    return still


async def fail(engine: Engine, run: Run, problem: str) -> None:
    """The run has failed, and says why."""
    await _end(engine, run, "failed", problem, Counter())


async def supersede(engine: Engine, run: Run) -> None:
    """The run is over: its work was laid out by settings that the connection has no more."""
    await _end(engine, run, "replaced", "The settings were changed; another run has taken over.", Counter())


async def close(engine: Engine, run: Run, report: str = "") -> None:
    """An incremental, tree or item run is done. One that the timer began and that changed nothing leaves no trace."""
    pages = await engine.pages.list(run.connection, run.id)
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update(page.counts)
    did = {name for name, count in counts.items() if count and name != LOOKED}
    if run.cause == "timer" and not did and not report:
        await tidy(engine, run)
        await engine.runs.forget(run)
        return
    await _end(engine, run, "done", "", counts, report)


async def stop(engine: Engine, run: Run, why: Stop) -> None:
    """The run has stopped before it wrote anything, and asks (R21)."""
    await _end(engine, run, "stopped", why.reason, Counter())


async def _end(
    engine: Engine,
    run: Run,
    state: Literal["done", "failed", "replaced", "stopped"],
    problem: str,
    counts: Counter[str],
    report: str = "",
) -> None:
    current = await engine.runs.get(run.connection, run.id)
    while current is not None and not current.over:
        ended = replace(
            current,
            state=state,
            stage="",
            problem=problem,
            report=report,
            counts={**current.counts, **counts},
            ended=datetime.now(UTC),
        )
        if await engine.runs.replace(ended):
            break
        current = await engine.runs.get(run.connection, run.id)
    await tidy(engine, run)


async def tidy(engine: Engine, run: Run) -> None:
    """Nothing is left of a run that is over but its row and its failures. Repeatable."""
    await engine.runs.over(run)
    await engine.bodies.clear(run.connection, run.id)
    await engine.pages.clear(run.connection, run.id)
