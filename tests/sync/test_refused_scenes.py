"""OnePlan refuses one value: it stays with its reason, and all else of the item goes through (R26, R35)."""

from dataclasses import replace
from typing import Any

import pytest

from shared.core.base import Base
from shared.core.mapping import OPTIONAL
from shared.core.snapshots import work_item_key
from shared.mapping_configuration import StoredMapping
from tests.sync.acts import act
from tests.sync.bench import Bench
from tests.sync.scenes import activity_of, counterpart, link_of, linked, notified, title

TAGS, PRIORITY = "System.Tags", "Microsoft.VSTS.Common.Priority"
KINDS = pytest.mark.parametrize("kind", ["plan", "task"])
LONG = "; ".join(f"a tag that says much {number}" for number in range(20))
HERE, LATER = "Renamed in OnePlan", "Renamed in Azure DevOps later"


async def _mapped(made: Bench, **members: Any) -> None:
    """A connection that maps tags and priority as well; OnePlan refuses texts of more than 255 letters."""
    await made.connect(conflictPolicy="hold", **members)
    stored = await made.parts.connections.get(made.connection)
    assert stored is not None
    fields = stored.mapping.fields
    plans, tasks = ([OPTIONAL[kind][name] for name in ("tags", "priority")] for kind in ("plan", "task"))
    mapping = replace(fields, version=2, plans=(*fields.plans, *plans), tasks=(*fields.tasks, *tasks))
    await made.parts.connections.replace(replace(stored, mapping=StoredMapping(mapping)))
    made.oneplan.faults.apply({"switches": {"text_limit": 255}})


async def _synced(made: Bench, kind: str) -> int:
    await _mapped(made)
    run = await made.full_sync()
    assert (run.state, run.counts["failures"]) == ("done", 0)
    return await linked(made, kind)


async def _edit_there(made: Bench, number: int, **fields: Any) -> None:
    names = {"tags": TAGS, "priority": PRIORITY, "title": "System.Title"}
    await act(made.devops_url, act="update", id=number, fields={names[name]: value for name, value in fields.items()})


async def _edit_here(made: Bench, number: int, **members: Any) -> None:
    link = await link_of(made, number)
    await act(made.oneplan_url, act=f"edit-{link.kind}", **{link.kind: link.target}, **members)


async def _here(made: Bench, number: int, name: str) -> Any:
    there = counterpart(made, await link_of(made, number))
    assert there is not None
    return there["Fields"].get(name)


async def _agreed(made: Bench, number: int) -> Base:
    recorded = (await link_of(made, number)).base
    assert recorded is not None
    return recorded


async def _reason(made: Bench, number: int) -> str:
    return (await _agreed(made, number)).residues.get(f"{TAGS}>Tags", "")


async def _failed(made: Bench, number: int) -> bool:
    return await made.parts.engine.failures.get(made.connection, work_item_key(number)) is not None


def _writes(made: Bench) -> list[str]:
    return [route for route in made.oneplan_calls if route.startswith("POST /api/workplan/{")]


@KINDS
async def test_a_value_that_oneplan_refuses_stays_and_the_edit_of_oneplan_is_agreed_on(dozen: Bench, kind: str) -> None:
    number = await _synced(dozen, kind)
    await _edit_there(dozen, number, tags=LONG)
    await _edit_here(dozen, number, name=HERE)
    await notified(dozen, number)
    assert (title(dozen, number), await _failed(dozen, number)) == (HERE, False)
    reason = await _reason(dozen, number)
    assert "Tags" in reason
    assert "would be truncated" in reason
    told = {(one.side, one.action, one.field) for one in await activity_of(dozen, number)}
    assert {("oneplan", "refused", "Tags"), ("azure-devops", "updated", "System.Title")} <= told

    dozen.reset_calls()
    run = await dozen.full_sync()
    assert (run.counts.get("drifted", 0), run.counts["residues"], _writes(dozen)) == (0, 1, [])

    await _edit_there(dozen, number, title=LATER)
    await notified(dozen, number)
    there = counterpart(dozen, await link_of(dozen, number))
    assert there is not None
    assert there["Name"] == LATER
    assert await dozen.parts.engine.conflicts.of_item(dozen.connection, work_item_key(number)) == []
    assert await _reason(dozen, number) == reason

    await _edit_there(dozen, number, tags="short")
    await notified(dozen, number)
    assert (await _here(dozen, number, "Tags"), await _reason(dozen, number)) == ("short", "")


@KINDS
async def test_what_is_written_with_a_refused_value_arrives(dozen: Bench, kind: str) -> None:
    number = await _synced(dozen, kind)
    await _edit_there(dozen, number, tags=LONG, priority=1, title=LATER)
    await notified(dozen, number)
    there = counterpart(dozen, await link_of(dozen, number))
    assert there is not None
    assert (there["Name"], await _here(dozen, number, "Priority"), await _here(dozen, number, "Tags")) == (
        LATER,
        1,
        None,
    )
    assert await _reason(dozen, number)
    told = {(one.action, one.field) for one in await activity_of(dozen, number) if one.side == "oneplan"}
    assert told - {("created", "")} == {("refused", "Tags"), ("updated", "Name"), ("updated", "Priority")}
    dozen.reset_calls()
    await dozen.full_sync()
    assert _writes(dozen) == []


async def _with_long_tags(made: Bench) -> None:
    """Each work item has tags that OnePlan refuses, and a priority."""
    await _mapped(made)
    for number in [one.id for one in made.devops.organization.items.values() if not one.deleted]:
        await _edit_there(made, number, tags=LONG, priority=1)


async def _is_there_but_for_its_tags(made: Bench, kind: str) -> None:
    number = await linked(made, kind)
    assert (await _here(made, number, "Priority"), await _here(made, number, "Tags")) == (1, None)
    assert await _reason(made, number)
    told = {(one.action, one.field) for one in await activity_of(made, number)}
    assert {("created", ""), ("refused", "Tags")} <= told


async def test_what_is_new_is_made_without_the_value_that_oneplan_refuses(dozen: Bench) -> None:
    await _with_long_tags(dozen)
    run = await dozen.full_sync()
    assert (run.state, run.counts["failures"], run.counts["waiting"]) == ("done", 0, 0)
    await _is_there_but_for_its_tags(dozen, "plan")
    await _is_there_but_for_its_tags(dozen, "task")
    dozen.reset_calls()
    again = await dozen.full_sync()
    assert (again.counts.get("drifted", 0), _writes(dozen)) == (0, [])
    assert (await dozen.compare()).problems == []


async def test_what_was_made_without_its_values_is_taken_up_where_the_worker_died(dozen: Bench) -> None:
    await _with_long_tags(dozen)
    away = {"kind": "status", "status": 503, "method": "POST", "path": "/(workplan|tasks)/[0-9a-f-]{36}$", "times": 3}
    dozen.oneplan.faults.apply({"rules": [away]})
    run = await dozen.full_sync()
    assert (run.state, run.counts["failures"], run.counts["waiting"]) == ("done", 0, 0)
    assert (await dozen.compare()).problems == []
    assert (await dozen.full_sync()).counts.get("drifted", 0) == 0


async def test_a_refused_value_gives_way_to_an_edit_in_oneplan_by_the_policy_only(dozen: Bench) -> None:
    number = await _synced(dozen, "task")
    await _edit_there(dozen, number, tags=LONG)
    await notified(dozen, number)
    await _edit_here(dozen, number, fields={"Tags": "mine"})
    await notified(dozen, number)
    (held,) = await dozen.parts.engine.conflicts.of_item(dozen.connection, work_item_key(number))
    assert (held.field, held.oneplan) == (f"{TAGS}>Tags", "mine")


async def test_a_name_that_oneplan_refuses_fails_the_item_as_ever(dozen: Bench) -> None:
    number = await _synced(dozen, "plan")
    dozen.oneplan.faults.apply({"rules": [{"kind": "status", "status": 400, "method": "POST", "path": "/workplan/"}]})
    await _edit_there(dozen, number, title=LATER, priority=1)
    await notified(dozen, number)
    assert await _failed(dozen, number)
    dozen.oneplan.faults.rules.clear()
    await dozen.full_sync()
    assert (await _here(dozen, number, "Priority"), await _failed(dozen, number)) == (1, False)


async def test_a_plan_that_takes_no_write_at_all_keeps_no_value_back(dozen: Bench) -> None:
    """A person has it open, say: each value is refused for now, and goes over once it is free."""
    number = await _synced(dozen, "plan")
    link = await link_of(dozen, number)
    dozen.oneplan.faults.apply({"switches": {"lock_effect": "500"}})
    await act(dozen.oneplan_url, act="lock-plan", plan=link.target)
    await _edit_there(dozen, number, priority=1)
    await notified(dozen, number)
    assert ((await _agreed(dozen, number)).refused, await _here(dozen, number, "Priority") == 1) == ({}, False)
    await act(dozen.oneplan_url, act="lock-plan", plan=link.target, locked=False)
    await dozen.full_sync()
    assert await _here(dozen, number, "Priority") == 1


async def test_a_value_that_is_refused_for_a_moment_arrives(dozen: Bench) -> None:
    number = await _synced(dozen, "task")
    once = {"kind": "status", "status": 500, "method": "POST", "path": "/tasks/[0-9a-f-]{36}$", "times": 2}
    dozen.oneplan.faults.apply({"rules": [once]})
    await _edit_there(dozen, number, priority=1)
    await notified(dozen, number)
    assert (await _here(dozen, number, "Priority"), (await _agreed(dozen, number)).residues) == (1, {})


async def test_a_right_that_is_missing_fails_the_item_at_once(dozen: Bench) -> None:
    number = await _synced(dozen, "task")
    rule = {"kind": "status", "status": 403, "method": "POST", "path": "/tasks/[0-9a-f-]{36}$"}
    dozen.oneplan.faults.apply({"rules": [rule]})
    await _edit_there(dozen, number, priority=1, tags="short")
    dozen.reset_calls()
    await notified(dozen, number)
    assert (await _failed(dozen, number), sum(dozen.oneplan_calls[one] for one in _writes(dozen))) == (True, 1)


async def test_a_value_that_oneplan_says_it_took_and_left_does_not_fail_the_item(dozen: Bench) -> None:
    """It is sent again at the next look: whether it is the value, nobody has said."""
    number = await _synced(dozen, "task")
    nothing = {"kind": "no-op", "method": "POST", "path": "/tasks/[0-9a-f-]{36}$"}
    dozen.oneplan.faults.apply({"rules": [nothing]})
    await _edit_there(dozen, number, tags="short")
    await _edit_here(dozen, number, name=HERE)
    await notified(dozen, number)
    assert (title(dozen, number), await _failed(dozen, number)) == (HERE, False)
    assert await _reason(dozen, number)
    told = {(one.side, one.action) for one in await activity_of(dozen, number)}
    assert told == {("oneplan", "created"), ("azure-devops", "updated")}
    dozen.oneplan.faults.rules.clear()
    await dozen.full_sync()
    assert (await _here(dozen, number, "Tags"), await _reason(dozen, number)) == ("short", "")
