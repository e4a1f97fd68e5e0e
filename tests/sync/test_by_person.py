"""What a person decides by a click becomes of both sides: conflicts settled, values brought back, failures retried."""

from collections.abc import AsyncIterator

import pytest

from local.azurite import Azurite
from local.vault import RunningVault
from shared.core.snapshots import work_item_key
from shared.engine.by_person import retry, settle
from shared.engine.undo import undo
from shared.messages import Side
from shared.ports import Failure
from tests.sync.acts import act
from tests.sync.bench import Bench, bench
from tests.sync.scenes import activity_of, counterpart, link_of, linked, notified, title


@pytest.fixture
async def few(azurite: Azurite, vault: RunningVault) -> AsyncIterator[Bench]:
    async with bench(azurite.connection_string, vault, size=30) as made:
        yield made


async def in_conflict(made: Bench, kind: str = "task") -> int:
    """A work item whose title both sides changed, under the policy that holds it."""
    number = await linked(made, kind)
    link = await link_of(made, number)
    await act(made.devops_url, act="update", id=number, fields={"System.Title": "Here"})
    await act(made.oneplan_url, act=f"edit-{kind}", **{kind: link.target}, name="There")
    await notified(made, number)
    return number


async def name(made: Bench, number: int) -> str:
    found = counterpart(made, await link_of(made, number))
    assert found is not None
    return str(found["Name"])


@pytest.mark.parametrize(
    ("winner", "value", "loser"), [("oneplan", "There", "Here"), ("azure-devops", "Here", "There")]
)
async def test_a_held_conflict_is_settled_for_the_side_that_was_chosen_and_the_other_value_can_come_back(
    few: Bench, winner: Side, value: str, loser: str
) -> None:
    await few.connect(conflictPolicy="hold")
    await few.full_sync()
    number, engine = await in_conflict(few), few.parts.engine
    assert (title(few, number), await name(few, number)) == ("Here", "There")
    (held,) = await engine.conflicts.list(few.connection)
    assert (held.key, held.azure_devops, held.oneplan) == (work_item_key(number), "Here", "There")
    await settle(engine, few.connection, held.reference, winner)
    await few.pump()
    assert (title(few, number), await name(few, number)) == (value, value)
    assert await engine.conflicts.list(few.connection) == []
    entries = await activity_of(few, number)
    lost = next(one for one in entries if one.before == loser and one.action in ("updated", "overwritten"))
    stored = await few.parts.connections.get(few.connection)
    assert stored
    await undo(engine, stored, lost.reference)
    await few.pump()
    assert (title(few, number), await name(few, number)) == (loser, loser)


async def test_an_edit_after_the_choice_is_held_anew(few: Bench) -> None:
    await few.connect(conflictPolicy="hold")
    await few.full_sync()
    number, engine = await in_conflict(few), few.parts.engine
    (held,) = await engine.conflicts.list(few.connection)
    await act(few.devops_url, act="update", id=number, fields={"System.Title": "Here again"})
    await settle(engine, few.connection, held.reference, "oneplan")
    await few.pump()
    (again,) = await engine.conflicts.list(few.connection)
    assert (again.azure_devops, again.oneplan, again.choice) == ("Here again", "There", "")
    assert (title(few, number), await name(few, number)) == ("Here again", "There")


async def test_a_failure_that_is_tried_again_vanishes_once_it_is_mended(few: Bench) -> None:
    await few.connect()
    await few.full_sync()
    engine, number = few.parts.engine, await linked(few, "task")
    key = work_item_key(number)
    await engine.failures.add(few.connection, Failure(key, "Story", "OnePlan refused it"))
    await act(few.devops_url, act="update", id=number, fields={"System.Title": "Mended"})
    assert await retry(engine, few.connection, {work_item_key(99_999)}) == 0
    assert await retry(engine, few.connection, {key}) == 1
    await few.pump()
    assert await engine.failures.list(few.connection) == []
    assert await name(few, number) == "Mended"
