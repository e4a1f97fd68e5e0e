"""Fields of every kind go both ways in full syncs, and nothing is written twice (R11, R22, R24, R26)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from local.azure_devops.model import WorkItem
from local.azurite import Azurite
from local.oneplan.model import Record
from local.vault import RunningVault
from shared.core.mapping import OPTIONAL, FieldPair, ValueMap
from shared.core.snapshots import work_item_key
from shared.mapping_configuration import StoredMapping
from tests.sync.acts import act
from tests.sync.bench import READS, Bench, bench

STATES = {
    "Not Started": ("New", "To Do", "Proposed", "Approved"),
    "In Progress": ("Active", "Resolved", "In Progress", "Committed", "Doing"),
    "Done": ("Closed", "Done"),
    "Removed": ("Removed",),
}
DESCRIPTION, STATE = "System.Description", "System.State"
PRIORITY, POINTS = "Microsoft.VSTS.Common.Priority", "Microsoft.VSTS.Scheduling.StoryPoints"
WANTED = ("state", "description", "priority", "story-points", "tags", "area-path")


@pytest.fixture
async def mapped(azurite: Azurite, vault: RunningVault) -> AsyncIterator[Bench]:
    """A connection that maps a field of each kind; a dozen work items."""
    async with bench(azurite.connection_string, vault, size=12) as made:
        await made.connect()
        stored = await made.parts.connections.get(made.connection)
        assert stored is not None
        group, fields = made.oneplan.groups[0], stored.mapping.fields
        plans = tuple(_pair(name, "plan", group.plan_fields) for name in WANTED)
        tasks = tuple(_pair(name, "task", group.task_fields) for name in WANTED)
        mapping = replace(fields, version=2, plans=(*fields.plans, *plans), tasks=(*fields.tasks, *tasks))
        await made.parts.connections.replace(replace(stored, mapping=StoredMapping(mapping)))
        yield made


def _pair(name: str, table: Any, columns: list[Record]) -> FieldPair:
    pair = replace(OPTIONAL[table][name], since=2)
    if name != "state":
        return pair
    (column,) = [one for one in columns if one["InternalName"] == "State"]
    ids = {label: key for key, label in column["Choices"].items()}
    pairs = tuple((state, ids[label]) for label, states in STATES.items() for state in states)
    return replace(pair, values=ValueMap(pairs))


async def _synced(made: Bench, drifted: int) -> None:
    """A full sync that finds this many items out of step, and another one that writes nothing."""
    run = await made.full_sync()
    assert (run.state, run.problem, run.counts["failures"]) == ("done", "", 0)
    assert run.counts.get("drifted", 0) == drifted
    made.reset_calls()
    again = await made.full_sync()
    assert again.counts.get("drifted", 0) == 0
    assert _writes(made) == {}


def _writes(made: Bench) -> dict[str, int]:
    """The calls that change something. Azure DevOps is read by POST too, and written by PATCH alone."""
    written = {name: count for name, count in made.devops_calls.items() if name.startswith("PATCH ")}
    return written | {name: count for name, count in made.oneplan_calls.items() if not name.startswith(READS)}


def _story(made: Bench) -> WorkItem:
    """A story of Agile below a feature."""
    items = made.devops.organization.items.values()
    agile = {
        one.id for one in made.devops.organization.projects if made.devops.organization.process_of(one).name == "Agile"
    }
    return next(
        one
        for one in items
        if one.type == "User Story" and not one.deleted and one.project_id in agile and one.parent is not None
    )


async def _task(made: Bench, item: WorkItem) -> Record:
    link = await made.parts.engine.links.get(made.connection, work_item_key(item.id))
    assert link is not None
    return made.oneplan.groups[0].tasks[link.target]


async def test_every_kind_of_field_goes_both_ways(mapped: Bench) -> None:
    story = _story(mapped)
    area = story.now.fields["System.AreaPath"]
    fields = {
        STATE: "Resolved",
        DESCRIPTION: "<div>a &amp; <b>b</b><script>x</script></div>",
        PRIORITY: 2,
        POINTS: 0.5,
        "System.Tags": "Zebra; alpha",
    }
    await act(mapped.devops_url, act="update", id=story.id, fields=fields)
    await _synced(mapped, 0)
    task = await _task(mapped, story)
    choices = next(one["Choices"] for one in mapped.oneplan.groups[0].task_fields if one["InternalName"] == "State")
    held = task["Fields"]
    assert choices[held["State"]] == "In Progress"
    assert (held["Description"], held["Priority"], held["Effort"]) == ("<div>a &amp; <b>b</b></div>", 2, 0.5)
    assert ({*held["Tags"].split("; ")}, held["AreaPath"]) == ({"alpha", "Zebra"}, area)

    edits = {
        "State": "Done",
        "Description": "<p>new <em>text</em></p>",
        "Priority": 3,
        "Effort": 8,
        "Tags": "ZEBRA, new",
    }
    await act(mapped.oneplan_url, act="edit-task", task=task["id"], fields=edits)
    await _synced(mapped, 1)
    now = story.now.fields
    assert (now[STATE], now[DESCRIPTION], now[PRIORITY], now[POINTS]) == ("Closed", "<p>new <em>text</em></p>", 3, 8)
    assert now["System.Tags"] == "new; Zebra"  # spelled as it was there


async def test_a_state_that_stands_for_several_is_left_alone_until_it_moves(mapped: Bench) -> None:
    story = _story(mapped)
    await act(mapped.devops_url, act="update", id=story.id, fields={STATE: "Resolved"})
    await mapped.full_sync()
    task = await _task(mapped, story)
    await act(mapped.oneplan_url, act="edit-task", task=task["id"], fields={"Priority": 4, "State": "In Progress"})
    await _synced(mapped, 1)
    assert (story.now.fields[STATE], story.now.fields[PRIORITY]) == ("Resolved", 4)


async def test_a_markdown_field_stays_markdown(mapped: Bench) -> None:
    story = _story(mapped)
    text = "# Goal\n\n- first\n- **second**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    formats = {DESCRIPTION: "markdown"}
    await act(mapped.devops_url, act="update", id=story.id, fields={DESCRIPTION: text}, formats=formats)
    await _synced(mapped, 0)
    task = await _task(mapped, story)
    assert "<strong>second</strong>" in task["Fields"]["Description"]
    assert story.now.fields[DESCRIPTION] == text
    await act(
        mapped.oneplan_url, act="edit-task", task=task["id"], fields={"Description": "<h1>Goal</h1><p>1 * <b>2</b></p>"}
    )
    await _synced(mapped, 1)
    assert (story.now.formats, story.now.fields[DESCRIPTION]) == (formats, "# Goal\n\n1 \\* **2**")


async def test_a_field_that_is_emptied_on_one_side_is_emptied_on_the_other(mapped: Bench) -> None:
    story = _story(mapped)
    filled = {DESCRIPTION: "text", POINTS: 3, "System.Tags": "one"}
    await act(mapped.devops_url, act="update", id=story.id, fields=filled)
    await mapped.full_sync()
    task = await _task(mapped, story)
    await act(mapped.devops_url, act="update", id=story.id, fields={POINTS: None, "System.Tags": ""})
    await act(mapped.oneplan_url, act="edit-task", task=task["id"], fields={"Description": ""})
    await _synced(mapped, 1)
    assert not {DESCRIPTION, POINTS, "System.Tags"} & {
        name for name, one in story.now.fields.items() if one is not None
    }
    held = (await _task(mapped, story))["Fields"]
    assert not any(held.get(name) for name in ("Description", "Effort", "Tags"))
