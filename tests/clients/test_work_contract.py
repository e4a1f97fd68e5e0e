"""Work items as the engine sees them, over the stand-in: deletions, moves, times of changes, children."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from local.azure_devops.store import Change
from shared.adapters.azure_devops.patch import Patch
from shared.adapters.azure_devops.work import Work
from shared.core.errors import NotFound, PermissionMissing, Rejected, Stale
from shared.core.snapshots import ItemSnapshot, Reparent
from tests.clients.azure_devops_stand_in import BASE, POSITIONS, StandIn, standing_in

FIELDS = frozenset({"System.Title", "Microsoft.VSTS.Common.Priority"})
PRIORITY = "Microsoft.VSTS.Common.Priority"


@pytest.fixture
async def remote() -> AsyncIterator[StandIn]:
    async with standing_in() as made:
        yield made


def work(remote: StandIn, pat: str = "demo-pat") -> Work:
    return Work(remote.connect(pat), f"{BASE}/contoso", FIELDS)


async def read(remote: StandIn, number: int) -> ItemSnapshot:
    (found,) = (await work(remote).read([number])).items
    return found


async def test_the_recycle_bin_tells_the_deleted_from_all_others_in_one_call(remote: StandIn) -> None:
    there, gone, hidden = [await remote.create("Task", name) for name in ("There", "Gone", "Hidden")]
    await remote.client.work_items.delete(gone.id)
    remote.organization.unreadable.add(hidden.id)
    before = remote.world.calls.total
    assert await work(remote).deleted([there.id, gone.id, hidden.id, 99_999]) == {gone.id}
    assert remote.world.calls.total == before + 1
    assert await work(remote).deleted([]) == frozenset()
    with pytest.raises(ValueError, match="201 ids"):
        await work(remote).deleted(range(201))


@pytest.mark.parametrize("look", ["found", "rows", "404"])
async def test_the_deleted_are_found_whatever_the_bin_says_of_the_others(remote: StandIn, look: str) -> None:
    remote.set("binned_ids", look)
    one, other = await remote.create("Task", "A"), await remote.create("Task", "B")
    assert await work(remote).deleted([one.id, other.id]) == frozenset()
    await remote.client.work_items.delete(one.id)
    assert await work(remote).deleted([one.id, other.id]) == {one.id}
    await remote.client.work_items.delete(other.id)
    assert await work(remote).deleted([one.id, other.id]) == {one.id, other.id}
    await remote.client.work_items.restore(one.id)
    assert await work(remote).deleted([one.id, other.id]) == {other.id}


async def test_an_item_is_moved_and_changed_in_one_write_and_moved_alone(remote: StandIn) -> None:
    old, new = await remote.create("Feature", "Old"), await remote.create("Feature", "New")
    story = await read(remote, (await remote.create("User Story", "S", old)).id)
    assert story.item.parent == old.id
    before = remote.world.calls.total
    moved = await work(remote).update(story, {"System.Title": "T"}, Reparent(new.id))
    assert remote.world.calls.total == before + 2
    assert (moved.item.parent, moved.values["System.Title"], moved.rev) == (new.id, "T", story.rev + 1)
    back = await work(remote).update(moved, {}, Reparent(old.id))
    assert (back.item.parent, back.rev) == (old.id, moved.rev)
    alone = await work(remote).update(back, {}, Reparent(None))
    assert alone.item.parent is None
    assert (await read(remote, alone.item.id)).item.parent is None
    below = await work(remote).update(alone, {}, Reparent(new.id))
    assert (await read(remote, below.item.id)).item.parent == new.id


async def test_other_relations_stay_whatever_their_order(remote: StandIn) -> None:
    for reordered in (False, True):
        remote.set("relations_reordered", reordered)
        old, new = await remote.create("Feature", "Old"), await remote.create("Feature", "New")
        made = await remote.create("User Story", "S", old)
        child = await remote.create("Task", "T", made)
        patch = Patch.at(made.rev).hyperlink("https://a.example", "A").hyperlink("https://b.example", "B")
        await remote.client.work_items.update(made.id, patch)
        await work(remote).update(await read(remote, made.id), {}, Reparent(new.id))
        after = (await remote.client.work_items.read_one(made.id)).relations or ()
        assert {one.target or one.url for one in after} == {
            new.id,
            child.id,
            "https://a.example",
            "https://b.example",
        }


async def test_an_item_that_hangs_there_already_is_not_written_again(remote: StandIn) -> None:
    parent = await remote.create("Feature", "F")
    story = await read(remote, (await remote.create("User Story", "S", parent)).id)
    updates = len(remote.organization.items[story.item.id].updates)
    assert (await work(remote).update(story, {}, Reparent(parent.id))).rev == story.rev
    assert len(remote.organization.items[story.item.id].updates) == updates
    assert (await work(remote).update(story, {"System.Title": "T"}, Reparent(parent.id))).rev == story.rev + 1


async def test_a_move_over_another_ones_move_or_edit_is_stale_and_changes_nothing(remote: StandIn) -> None:
    first, second, third = [await remote.create("Feature", name) for name in ("A", "B", "C")]
    story = await read(remote, (await remote.create("User Story", "S", first)).id)
    moved = await work(remote).update(story, {}, Reparent(second.id))
    with pytest.raises(Stale, match="moved"):
        await work(remote).update(story, {"System.Title": "T"}, Reparent(third.id))
    await work(remote).update(moved, {"System.Title": "U"})
    with pytest.raises(Stale):
        await work(remote).update(moved, {}, Reparent(third.id))
    after = await read(remote, story.item.id)
    assert (after.item.parent, after.values["System.Title"]) == (second.id, "U")


async def test_a_cycle_is_refused_in_plain_words_and_names_the_parent(remote: StandIn) -> None:
    top = await remote.create("Epic", "Top")
    below = await remote.create("Feature", "Below", top)
    with pytest.raises(Rejected, match=f"work item {top.id} cannot be put below work item {below.id}") as refused:
        await work(remote).update(await read(remote, top.id), {"System.Title": "New"}, Reparent(below.id))
    assert [one.field for one in refused.value.fields] == ["System.Parent"]
    assert (await read(remote, top.id)).values["System.Title"] == "Top"


@pytest.mark.parametrize("how", ["deleted", "unreadable", "never there"])
async def test_a_parent_that_is_not_there_is_refused_and_never_taken_for_the_item(remote: StandIn, how: str) -> None:
    story, parent = await remote.create("User Story", "S"), await remote.create("Feature", "F")
    number = 99_999 if how == "never there" else parent.id
    if how == "deleted":
        await remote.client.work_items.delete(parent.id)
    if how == "unreadable":
        remote.organization.unreadable.add(parent.id)
    with pytest.raises(Rejected, match="deleted or may not be read") as refused:
        await work(remote).update(await read(remote, story.id), {}, Reparent(number))
    assert not isinstance(refused.value, NotFound)
    assert [one.field for one in refused.value.fields] == ["System.Parent"]


async def test_an_item_that_is_gone_is_not_found_when_it_is_moved(remote: StandIn) -> None:
    parent, made = await remote.create("Feature", "F"), await remote.create("User Story", "S")
    story = await read(remote, made.id)
    await remote.client.work_items.delete(made.id)
    with pytest.raises(NotFound):
        await work(remote).update(story, {}, Reparent(parent.id))


async def test_a_field_that_is_refused_with_a_move_is_told_as_that_field(remote: StandIn) -> None:
    parent, made = await remote.create("Feature", "F"), await remote.create("User Story", "S")
    with pytest.raises(Rejected) as refused:
        await work(remote).update(await read(remote, made.id), {"System.State": "None"}, Reparent(parent.id))
    assert [one.field for one in refused.value.fields] == ["System.State"]
    assert (await read(remote, made.id)).item.parent is None


async def test_a_token_that_may_only_read_may_not_move(remote: StandIn) -> None:
    parent, made = await remote.create("Feature", "F"), await remote.create("User Story", "S")
    with pytest.raises((PermissionMissing, NotFound)):
        await work(remote, "read-only-pat").update(await read(remote, made.id), {}, Reparent(parent.id))


async def test_the_parent_of_a_deleted_parent_comes_back_only_to_children_that_have_none(remote: StandIn) -> None:
    old, new = await remote.create("Feature", "Old"), await remote.create("Feature", "New")
    moved, left = await remote.create("User Story", "M", old), await remote.create("User Story", "L", old)
    await remote.client.work_items.delete(old.id)
    await work(remote).update(await read(remote, moved.id), {}, Reparent(new.id))
    await remote.client.work_items.restore(old.id)
    assert (await read(remote, moved.id)).item.parent == new.id
    assert (await read(remote, left.id)).item.parent == old.id


async def test_the_time_of_a_fields_last_change_after_a_revision_is_told(remote: StandIn) -> None:
    made = await remote.create("Task", "One")
    item, by = remote.organization.items[made.id], remote.organization.tokens[0].identity
    days = [datetime(2031, 1, day, 9, 30, tzinfo=UTC) for day in (1, 2, 3)]
    remote.world.store.change(item, Change({"System.Title": "Two"}), by=by, at=days[0])
    remote.world.store.change(item, Change({"System.Title": "Three"}), by=by, at=days[1])
    remote.world.store.change(item, Change({PRIORITY: 1}), by=by, at=days[2])
    ask, names = work(remote).changed_since, ["System.Title", PRIORITY, "System.AreaPath"]
    assert await ask(made.id, made.rev, names) == {"System.Title": days[1], PRIORITY: days[2]}
    assert await ask(made.id, made.rev + 2, names) == {PRIORITY: days[2]}
    assert await ask(made.id, made.rev + 3, names) == {}
    assert (await read(remote, made.id)).changed == days[2]


async def test_only_the_tail_of_a_long_history_is_read_and_links_do_not_hide_it(remote: StandIn) -> None:
    parent, made = await remote.create("Feature", "F"), await remote.create("Task", "T")
    item, by = remote.organization.items[made.id], remote.organization.tokens[0].identity
    for number in range(150):
        remote.world.store.change(item, Change({"System.Title": f"T{number}"}), by=by)
        if number % 2:
            at = await read(remote, made.id)
            await work(remote).update(at, {}, Reparent(None if at.item.parent else parent.id))
    rev = item.now.rev
    moment = datetime(2031, 1, 1, tzinfo=UTC)
    remote.world.store.change(item, Change({PRIORITY: 1}), by=by, at=moment)
    before = remote.world.calls.total
    assert await work(remote).changed_since(made.id, rev, [PRIORITY, "System.Title"]) == {PRIORITY: moment}
    assert remote.world.calls.total == before + 1


async def test_a_moved_link_is_no_change_of_a_field(remote: StandIn) -> None:
    parent, made = await remote.create("Feature", "F"), await remote.create("Task", "T")
    moved = await work(remote).update(await read(remote, made.id), {}, Reparent(parent.id))
    assert await work(remote).changed_since(made.id, moved.rev, ["System.Title", "System.Parent"]) == {}


async def test_the_children_are_those_directly_below(remote: StandIn) -> None:
    top = await remote.create("Epic", "Top")
    below = [await remote.create("Feature", name, top) for name in ("A", "B")]
    await remote.create("User Story", "Deeper", below[0])
    before = remote.world.calls.total
    assert set(await work(remote).children(top.id)) == {one.id for one in below}
    assert remote.world.calls.total == before + 1
    assert await work(remote).children((await remote.create("Task", "Leaf")).id) == ()
    with pytest.raises(NotFound):
        await work(remote).children(99_999)


async def _everything(remote: StandIn) -> None:
    items = remote.client.work_items
    first, second = await remote.create("Feature", "First"), await remote.create("Feature", "Second")
    made = await remote.create("User Story", "Story", first)
    story = await read(remote, made.id)
    moved = await work(remote).update(story, {"System.Title": "New"}, Reparent(second.id))
    assert moved.item.parent == second.id
    assert await work(remote).children(second.id) == (made.id,)
    assert await work(remote).children(first.id) == ()
    assert (await work(remote).changed_since(made.id, story.rev, ["System.Title"])).keys() == {"System.Title"}
    await items.delete(made.id)
    assert await work(remote).deleted([made.id, first.id]) == {made.id}
    await items.restore(made.id)
    again = await read(remote, made.id)
    assert (await work(remote).update(again, {}, Reparent(None))).item.parent is None


@pytest.mark.parametrize(("switch", "position"), POSITIONS, ids=str)
async def test_all_of_it_works_in_every_position(switch: str, position: Any) -> None:
    async with standing_in(**{switch: position}) as remote:
        await _everything(remote)
