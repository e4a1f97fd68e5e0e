"""A value that was written over comes back by a click (R16, R33)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from local.azurite import Azurite
from local.vault import RunningVault
from shared.core.snapshots import work_item_id
from shared.engine.undo import undo
from shared.ports import ActivityEntry, Link, StoredConnection, Wanted
from shared.refusals import NotUndone, UnknownEntry
from tests.sync.acts import act
from tests.sync.bench import Bench, bench

EVER = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))


@pytest.fixture
async def few(azurite: Azurite, vault: RunningVault) -> AsyncIterator[Bench]:
    """As few work items as there are kinds of them."""
    async with bench(azurite.connection_string, vault, size=30) as made:
        yield made


class Scene:
    """One synced connection, and a linked pair in it."""

    def __init__(self, bench: Bench, stored: StoredConnection, link: Link) -> None:
        self.bench, self.stored, self.link = bench, stored, link

    @property
    def number(self) -> int:
        return work_item_id(self.link.key) or 0

    @property
    def title(self) -> Any:
        return self.bench.devops.organization.items[self.number].now.fields["System.Title"]

    @property
    def name(self) -> Any:
        return self.record["Name"]

    @property
    def record(self) -> dict[str, Any]:
        group = self.bench.oneplan.groups[0]
        return (group.plans if self.link.kind == "plan" else group.tasks)[self.link.target]

    async def note(self, **members: Any) -> str:
        known: dict[str, Any] = {
            "id": self.link.key,
            "key": self.link.key,
            "title": "T",
            "field": "Name",
            "side": "oneplan",
            "action": "updated",
            "before": "Before",
            "after": self.name,
            "cause": "hook",
            "run": "",
            "at": datetime(2026, 1, 1, tzinfo=UTC),
        }
        entry = ActivityEntry(**{**known, **members})
        await self.bench.parts.engine.activity.add(self.stored.id, [entry])
        return entry.reference

    async def undo(self, reference: str) -> ActivityEntry:
        return await undo(self.bench.parts.engine, self.stored, reference)


async def scenes(made: Bench, kind: str, **members: Any) -> list[Scene]:
    """The linked pairs of a connection that is in step."""
    await made.connect(**members)
    await made.full_sync()
    stored = await made.parts.connections.get(made.connection)
    assert stored
    links = [one async for one in made.parts.engine.links.list(made.connection)]
    return [Scene(made, stored, one) for one in links if one.kind == kind and one.key.startswith("w")]


@pytest.mark.parametrize("kind", ["plan", "task"])
async def test_what_was_written_over_in_either_system_comes_back_on_both_sides(few: Bench, kind: str) -> None:
    one, other, third = (await scenes(few, kind))[:3]
    now = one.name
    done = await one.undo(await one.note())
    assert (one.name, one.title) == ("Before", now)
    await other.undo(await other.note(side="azure-devops", field="System.Title", after=other.title))
    await third.undo(await third.note(action="overwritten", before="Dropped by a policy", after=None))
    await few.pump()
    assert (one.name, one.title) == ("Before", "Before")
    assert (other.name, other.title) == ("Before", "Before")
    assert (third.name, third.title) == ("Dropped by a policy", "Dropped by a policy")
    found = (await few.parts.engine.activity.list(one.stored.id, Wanted(*EVER, key=one.link.key), 50)).entries
    assert done in found
    assert (done.before, done.after, done.cause) == (now, "Before", "person")


async def test_an_undoing_is_undone_a_second_click_changes_nothing_and_no_later_edit_is_lost(few: Bench) -> None:
    made = (await scenes(few, "task"))[0]
    now, reference = made.name, await made.note()
    first = await made.undo(reference)
    await made.undo(reference)
    assert made.name == "Before"
    await made.undo(first.reference)
    assert made.name == now
    await act(few.oneplan_url, act="edit-task", task=made.link.target, name="Later")
    with pytest.raises(NotUndone, match="changed since"):
        await made.undo(reference)
    await few.pump()
    assert (made.name, made.title) == ("Later", "Later")


async def test_what_cannot_be_undone_says_why_and_writes_nothing(few: Bench) -> None:
    made, gone, deleted = (await scenes(few, "task"))[:3]
    title = {"side": "azure-devops", "field": "System.Title"}
    references = [
        await made.note(id="created", action="created", field="", before=None),
        await made.note(id="unmapped", field="Effort"),
        await made.note(id="moved", action="moved", field="parent"),
        await made.note(id="refused", before="x" * 300, after=made.title, **title),
    ]
    before = made.name, made.title
    for reference in references:
        with pytest.raises(NotUndone):
            await made.undo(reference)
    with pytest.raises(UnknownEntry):
        await made.undo("0" * 16 + "1-" + "a" * 16)
    assert (made.name, made.title) == before
    reference, other = await gone.note(), await deleted.note(after=deleted.title, **title)
    await act(few.oneplan_url, act="remove-task", task=gone.link.target)
    with pytest.raises(NotUndone, match="not there any more"):
        await gone.undo(reference)
    await act(few.devops_url, act="delete", id=deleted.number)
    with pytest.raises(NotUndone, match="is deleted"):
        await deleted.undo(other)


async def test_an_import_only_connection_writes_nothing_to_azure_devops(few: Bench) -> None:
    made = (await scenes(few, "task", options={"allowOnePlanEdits": False}))[0]
    title = made.title
    with pytest.raises(NotUndone, match="writes nothing"):
        await made.undo(await made.note(side="azure-devops", field="System.Title", after=title))
    assert made.title == title
