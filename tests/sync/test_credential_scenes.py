"""A credential that is refused while a page of a run is worked on (R35; design.md, decision 13)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from shared.engine.conduct import conduct_all
from shared.engine.pausing import pause_of, probe
from shared.engine.requests import request_full_sync, request_incremental
from shared.ports import Run
from tests.sync.acts import act
from tests.sync.bench import Bench
from tests.sync.scenes import linked

type Asked = Callable[[Bench], Awaitable[Run]]


async def _full(made: Bench) -> Run:
    return await request_full_sync(made.parts.engine, made.connection, "person")


async def _incremental(made: Bench) -> Run:
    run = await request_incremental(made.parts.engine, made.connection, "person")
    assert run is not None
    return run


@pytest.mark.parametrize("asked", [_full, _incremental])
async def test_a_key_refused_in_the_middle_of_a_page_pauses_and_the_page_goes_on_when_it_works(
    dozen: Bench, asked: Asked
) -> None:
    """Items are worked on at once: the refusal of one cuts no other off, and the pause says what was refused."""
    await dozen.connect()
    await dozen.full_sync()
    engine = dozen.parts.engine
    plans = [await linked(dozen, "plan"), await linked(dozen, "task")]
    for number in plans:
        await act(dozen.devops_url, act="update", id=number, fields={"System.Title": f"Renamed {number}"})
    dozen.oneplan.faults.apply({"rules": [{"kind": "status", "status": 401, "method": "POST", "path": "/workplan/"}]})
    run = await asked(dozen)
    await dozen.pump()
    pages = await engine.pages.list(dozen.connection, run.id)
    pause = await pause_of(engine, dozen.connection)
    assert pause is not None
    assert "OnePlan" in pause.reason
    assert {(page.state, page.attempt) for page in pages if page.state != "done"} == {("ready", 0)}
    dozen.oneplan.faults.rules.clear()
    connection = await engine.connections.get(dozen.connection)
    assert connection is not None
    assert await probe(engine, connection, datetime.now(UTC)) is True
    await conduct_all(engine)
    await dozen.pump(run.id)
    ended = await engine.runs.get(dozen.connection, run.id)
    assert ended is not None
    assert (ended.state, await pause_of(engine, dozen.connection)) == ("done", None)
    assert (await dozen.compare()).problems == []
    assert not await engine.failures.list(dozen.connection)
