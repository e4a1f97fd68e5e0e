"""Hyperlinks from work items to their counterparts (R7, R30), over the whole engine: rows of docs/behaviour.md."""

from dataclasses import replace
from typing import Any

import pytest

from local.azure_devops.links import HYPERLINK
from local.azure_devops.model import Relation
from local.azure_devops.seed.tokens import READ_ONLY
from shared.core.snapshots import work_item_id, work_item_key
from shared.engine.hyperlink_work import work_hyperlinks
from shared.engine.item import Asked, reconcile_item
from shared.engine.parts import Context
from shared.engine.setup import kept_setup
from shared.messages import Seen, SyncMessage
from shared.ports import Link, Page
from tests.machine.mortal import Life, live, mortality
from tests.sync.acts import act
from tests.sync.bench import Bench
from tests.sync.scenes import activity_of, link_of, linked, notified, rewritten

# Not put off for later edits, as a hook so soon after the first sync would be.
PERSON = Asked(cause="person")


@pytest.fixture
async def synced(few: Bench) -> Bench:
    await few.connect(writeHyperlink=True)
    few.reset_calls()
    run = await few.full_sync()
    assert (run.state, run.counts["failures"]) == ("done", 0)
    return few


def _urls(made: Bench, number: int) -> list[str]:
    """The hyperlinks of a work item to the stand-in of OnePlan."""
    relations = made.devops.organization.items[number].relations
    return [one.url for one in relations if one.rel == HYPERLINK and one.url.startswith(made.oneplan_url)]


def _page(made: Bench, link: Link) -> str:
    """Where a person opens the counterpart, as docs/assumptions.md has it."""
    task = f"{link.plan}?task={link.target}"
    return f"{made.oneplan_url}/plan/{link.target if link.kind == 'plan' else task}"


async def _links(made: Bench) -> list[Link]:
    found = [one async for one in made.parts.engine.links.list(made.connection)]
    return [one for one in found if work_item_id(one.key)]


async def _each_has_one(made: Bench) -> None:
    for link in await _links(made):
        assert _urls(made, work_item_id(link.key) or 0) == [_page(made, link)], link.key


def _writes(made: Bench) -> dict[str, int]:
    reads = ("GET", "POST /{organization}/_apis/wit/workitemsbatch", "POST /{organization}/_apis/wit/wiql")
    return {route: count for route, count in made.devops_calls.items() if not route.startswith(reads)}


async def test_every_connected_work_item_has_one_written_in_a_batch_and_never_again(synced: Bench) -> None:
    links = await _links(synced)
    assert {one.kind for one in links} == {"plan", "task"}
    await _each_has_one(synced)
    assert {route.rpartition("/")[2]: count for route, count in _writes(synced).items()} == {"$batch": 1}
    assert all(one.rev == synced.devops.organization.items[int(one.key[1:])].now.rev for one in links)
    (entry,) = [one for one in await activity_of(synced, int(links[0].key[1:])) if one.field == "Hyperlink"]
    assert (entry.side, entry.action, entry.after) == ("azure-devops", "updated", _page(synced, links[0]))

    seen = Seen(rev=links[0].rev, parent=links[0].parent or 0)
    number = str(int(links[0].key[1:]))
    echo = SyncMessage(synced.connection, "hook", side="azure-devops", item=number, event="updated", seen=seen)
    synced.reset_calls()
    await synced.parts.engine.queue.send("sync-hooks", echo)
    await synced.pump()
    assert (synced.devops_calls, synced.oneplan_calls) == ({}, {})

    run = await synced.full_sync()
    assert (run.counts.get("drifted", 0), _writes(synced)) == (0, {})
    with_hyperlinks = sum(synced.devops_calls.values())
    await _saved(synced, writeHyperlink=False)
    synced.reset_calls()
    await synced.full_sync()
    assert sum(synced.devops_calls.values()) == with_hyperlinks
    await _each_has_one(synced)  # switched off again, nothing is edited


async def _saved(made: Bench, **members: Any) -> None:
    """The connection is as before but for these members."""
    stored = await made.parts.connections.get(made.connection)
    assert stored is not None
    names = {"writeHyperlink": "write_hyperlink"}
    changed = stored.configuration.model_copy(update={names[name]: value for name, value in members.items()})
    await made.parts.connections.replace(replace(stored, configuration=changed, version=stored.version + 1))


async def test_a_new_work_item_gets_one_with_its_notification(synced: Bench) -> None:
    alike = synced.devops.organization.items[await linked(synced, "plan")].now.fields
    project, kind = (alike[f"System.{name}"] for name in ("TeamProject", "WorkItemType"))
    made = await act(synced.devops_url, act="create", project=project, type=kind, fields={"System.Title": "New"})
    synced.reset_calls()
    await notified(synced, made["id"], "created")
    assert _urls(synced, made["id"]) == [_page(synced, await link_of(synced, made["id"]))]
    assert sum(_writes(synced).values()) == 1
    synced.reset_calls()
    await notified(synced, made["id"])
    assert _writes(synced) == {}


async def test_what_a_person_took_away_is_put_back_by_the_next_full_sync_only(synced: Bench) -> None:
    number = await linked(synced, "plan")
    item = synced.devops.organization.items[number]
    own = Relation(HYPERLINK, f"{synced.oneplan_url}/plan/mine", {"comment": "A person's own"})
    item.relations = [*(one for one in item.relations if one.rel != HYPERLINK), own]
    await act(synced.devops_url, act="update", id=number, fields={"System.Title": "Edited too"})
    await notified(synced, number)
    assert _urls(synced, number) == [own.url]
    await synced.full_sync()
    assert _urls(synced, number) == [own.url, _page(synced, await link_of(synced, number))]


async def test_where_another_counterpart_takes_its_place_the_hyperlink_leads_to_that(synced: Bench) -> None:
    number = await linked(synced, "plan", "feature-under-epic")
    before = _urls(synced, number)
    await act(synced.devops_url, act="update", id=number, fields={"System.WorkItemType": "User Story"})
    await notified(synced, number)
    after = await link_of(synced, number)
    assert after.kind == "task"
    assert _urls(synced, number) == [_page(synced, after)] != before
    await act(synced.devops_url, act="update", id=number, fields={"System.WorkItemType": "Feature"})
    await synced.full_sync()
    again = await link_of(synced, number)
    assert again.kind == "plan"
    assert _urls(synced, number) == [_page(synced, again)]


async def test_a_pair_that_has_ended_has_none_and_one_that_comes_back_keeps_it(synced: Bench) -> None:
    number = await linked(synced, "task")
    await act(synced.devops_url, act="delete", id=number)
    await notified(synced, number, "deleted")
    await act(synced.devops_url, act="restore", id=number)
    await notified(synced, number, "restored")
    link = await link_of(synced, number)
    assert (link.state, _urls(synced, number)) == ("linked", [_page(synced, link)])

    await act(synced.oneplan_url, act="remove-task", task=link.target)
    await notified(synced, number)
    after = await link_of(synced, number)
    assert (after.state, after.hyperlink, _urls(synced, number)) == ("disconnected", "", [])
    synced.reset_calls()
    await notified(synced, number)
    assert _writes(synced) == {}


async def test_an_import_only_connection_writes_none(few: Bench) -> None:
    await few.connect(writeHyperlink=True, options={"allowOnePlanEdits": False})
    await few.full_sync()
    assert _writes(few) == {}
    assert all(not _urls(few, number) for number in few.devops.organization.items)


async def test_whatever_the_record_leaves_open_each_has_one(few: Bench) -> None:
    """A token that may send no batch, hyperlinks without a revision, relations in another order."""
    await few.connect(writeHyperlink=True)
    positions = {"batch_scope": "wider", "hyperlink_makes_revision": False, "relations_reordered": True}
    few.devops.faults.apply({"switches": positions})
    tokens = few.devops.organization.tokens
    tokens[0] = replace(tokens[0], scopes=READ_ONLY | {"vso.work_write"})
    await few.full_sync()
    await _each_has_one(few)
    few.reset_calls()
    run = await few.full_sync()
    assert (run.counts.get("drifted", 0), _writes(few)) == (0, {})


async def test_one_item_that_refuses_keeps_no_other_from_its_hyperlink(few: Bench) -> None:
    """The batch is all or nothing, so its halves are sent until the one stands alone."""
    await few.connect(writeHyperlink=True)
    await few.full_sync()
    numbers = [work_item_id(one.key) or 0 for one in await _links(few)]
    for number in numbers:
        item = few.devops.organization.items[number]
        item.relations = [one for one in item.relations if one.rel != HYPERLINK]
    bad = few.devops.organization.items[numbers[3]]
    bad.relations += [type(bad.relations[0])(HYPERLINK, f"https://a.example/{n}", {}) for n in range(1000)]
    few.reset_calls()
    await few.full_sync()
    assert [number for number in numbers if not _urls(few, number)] == [numbers[3]]
    assert any(one.action == "refused" for one in await activity_of(few, numbers[3]))


async def test_killed_between_any_two_steps_of_a_batch_each_has_one(synced: Bench) -> None:
    engine = synced.parts.engine
    stored, setup = await engine.connections.get(synced.connection), await kept_setup(engine, synced.connection)
    assert stored is not None
    assert setup is not None
    links = (await _links(synced))[:3]
    for left in range(60):
        for one in links:
            item = synced.devops.organization.items[int(one.key[1:])]
            item.relations = [each for each in item.relations if each.rel != HYPERLINK]
        await engine.bodies.put(synced.connection, "r", "p", [[one.key, "", []] for one in links])
        async with engine.remotes.open(stored, "bulk") as sides:
            context = Context(engine, stored, sides, setup, "r")
            with mortality():

                async def stage(context: Context = context) -> None:
                    await work_hyperlinks(context, Page(1, "hyperlinks", 0, "p"))

                ended = await live(stage(), Life(left))
            for one in links:
                await rewritten(synced, one.key, lease_until=0.0)
            await work_hyperlinks(context, Page(1, "hyperlinks", 0, "p"))
        for one in links:
            assert _urls(synced, int(one.key[1:])) == [_page(synced, one)], left
        if ended:
            return
    raise AssertionError("the worker never came to its end")


async def test_killed_between_any_two_steps_of_a_new_item_it_has_one(synced: Bench) -> None:
    engine = synced.parts.engine
    stored = await engine.connections.get(synced.connection)
    assert stored is not None
    number = await linked(synced, "task")
    key = work_item_key(number)
    for left in range(60):
        item = synced.devops.organization.items[number]
        item.relations = [each for each in item.relations if each.rel != HYPERLINK]
        await rewritten(synced, key, hyperlink="")
        with mortality():

            async def look() -> None:
                await reconcile_item(engine, stored, number, "hooks", PERSON)

            ended = await live(look(), Life(left))
        await rewritten(synced, key, lease_until=0.0)
        await reconcile_item(engine, stored, number, "hooks", PERSON)
        assert _urls(synced, number) == [_page(synced, await link_of(synced, number))], left
        if ended:
            return
    raise AssertionError("the worker never came to its end")
