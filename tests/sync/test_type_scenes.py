"""Types that people change in OnePlan, over the whole engine (R11, R19): rows of docs/behaviour.md, "Place"."""

import pytest

from local.azure_devops.model import PARENT
from shared.core.snapshots import work_item_key
from shared.engine.by_person import settle
from shared.engine.work import work
from shared.messages import SyncMessage
from shared.ports import Link
from tests.sync.acts import act
from tests.sync.bench import Bench
from tests.sync.scenes import activity_of, counterpart, link_of, notified

FIELD = "System.WorkItemType"


@pytest.fixture
async def synced(dozen: Bench) -> Bench:
    return await _synced(dozen)


async def _synced(made: Bench, **members: object) -> Bench:
    await made.connect(**members)
    run = await made.full_sync()
    assert (run.state, run.counts["failures"]) == ("done", 0)
    return made


def _is(made: Bench, number: int) -> str:
    return str(made.devops.organization.items[number].now.fields[FIELD])


async def _is_there(made: Bench, number: int) -> str:
    """The type of the counterpart, by its name."""
    link, group = await link_of(made, number), made.oneplan.groups[0]
    there = counterpart(made, link)
    assert there is not None
    if link.kind == "plan":
        return next(str(one["Name"]) for one in group.plan_types if one["id"] == there["PlannerTypeId"])
    return next(str(one["Name"]) for one in group.work_types if one["Id"] == there["WorkTypeId"])


async def _choose(made: Bench, number: int, wanted: str) -> Link:
    """A person gives the counterpart that type."""
    link = await link_of(made, number)
    await act(made.oneplan_url, act=f"change-{link.kind}-type", **{link.kind: link.target}, type=wanted)
    return link


async def _chosen(made: Bench, number: int, wanted: str) -> Link:
    link = await _choose(made, number, wanted)
    made.reset_calls()
    await notified(made, number)
    return link


async def _residue(made: Bench, number: int) -> str:
    base = (await link_of(made, number)).base
    assert base is not None
    return base.residues.get("type", "")


async def _in_step(made: Bench) -> None:
    """A full sync finds nothing to do, and the independent check agrees."""
    run = await made.full_sync()
    assert (run.state, run.counts["failures"], run.counts.get("drifted", 0)) == ("done", 0, 0)
    assert (await made.compare()).problems == []


def _plans(made: Bench, kind: str, *, top: bool, leaf: bool) -> list[int]:
    """Work items of the type by where they stand; a leaf has no plan below it."""
    items = [one for one in made.devops.organization.items.values() if not one.deleted]
    above = {one.parent for one in items if one.type in ("Epic", "Feature")}
    return [
        one.id for one in items if one.type == kind and (one.parent is None) == top and (one.id not in above) == leaf
    ]


async def _plan(made: Bench, kind: str, *, top: bool, leaf: bool) -> int:
    engine = made.parts.engine
    for number in _plans(made, kind, top=top, leaf=leaf):
        link = await engine.links.get(made.connection, work_item_key(number))
        if link is not None and link.state == "linked":
            return number
    raise AssertionError(f"no {kind}")


def _patches(made: Bench) -> int:
    return sum(count for route, count in made.devops_calls.items() if route.startswith("PATCH"))


async def test_a_task_gets_another_type_in_oneplan_and_so_does_its_work_item(synced: Bench) -> None:
    number = await _task_of(synced, "User Story")
    before = await _choose(synced, number, "Bug")
    synced.reset_calls()
    save = SyncMessage(synced.connection, "person", side="oneplan", item=before.plan, event="saved")
    await work(synced.parts.engine, "sync-interactive", save)
    await synced.pump()
    assert (_is(synced, number), await _is_there(synced, number), _patches(synced)) == ("Bug", "Bug", 1)
    assert (await link_of(synced, number)).target == before.target
    said = [(one.action, one.field, one.before, one.after) for one in await activity_of(synced, number)]
    assert said[0] == ("updated", FIELD, "User Story", "Bug")
    await _in_step(synced)


@pytest.mark.parametrize("by", ["hook", "run"])
async def test_what_was_out_of_order_below_a_plan_comes_in_once_its_level_is_raised_in_oneplan(
    synced: Bench, by: str
) -> None:
    number = await _plan(synced, "Feature", top=True, leaf=True)
    project = str(synced.devops.organization.items[number].now.fields["System.TeamProject"])
    fields = {"System.Title": "Out of order until then"}
    made = await act(synced.devops_url, act="create", project=project, type="Feature", parent=number, fields=fields)
    await notified(synced, int(made["id"]))
    assert await synced.parts.engine.links.get(synced.connection, work_item_key(int(made["id"]))) is None

    link = await _choose(synced, number, "Epic")
    await (notified(synced, number) if by == "hook" else synced.full_sync())
    assert (_is(synced, number), await _is_there(synced, number)) == ("Epic", "Epic")
    below = counterpart(synced, await link_of(synced, int(made["id"])))
    assert below is not None
    assert below["PortfolioParentId"] == link.target
    await _in_step(synced)


async def test_a_type_and_a_field_in_oneplan_are_one_patch(synced: Bench) -> None:
    number = await _task_of(synced, "User Story")
    link = await _choose(synced, number, "Bug")
    await act(synced.oneplan_url, act="edit-task", task=link.target, name="A bug by now")
    synced.reset_calls()
    await notified(synced, number)
    fields = synced.devops.organization.items[number].now.fields
    assert (fields[FIELD], fields["System.Title"], _patches(synced)) == ("Bug", "A bug by now", 1)
    await _in_step(synced)


async def test_a_move_and_a_type_in_oneplan_go_together(synced: Bench) -> None:
    number = await _plan(synced, "Feature", top=False, leaf=True)
    link = await _choose(synced, number, "Epic")
    await act(synced.oneplan_url, act="move-plan", plan=link.target, parent=None)
    await notified(synced, number)
    item = synced.devops.organization.items[number]
    assert (item.type, [one for one in item.relations if one.rel == PARENT]) == ("Epic", [])
    await _in_step(synced)


@pytest.mark.parametrize(
    ("kind", "top", "wanted", "why"),
    [
        ("Feature", False, "Epic", "cannot stand below what is above it"),
        ("Epic", True, "Feature", "cannot stand above what is below it"),
        ("Epic", True, "Project", "none of the plan types of this connection"),
    ],
)
async def test_a_type_that_does_not_fit_stays_in_oneplan_with_the_reason(
    synced: Bench, kind: str, top: bool, wanted: str, why: str
) -> None:
    number = await _plan(synced, kind, top=top, leaf=not top)
    await _chosen(synced, number, wanted)
    assert (_is(synced, number), await _is_there(synced, number)) == (kind, wanted)
    assert why in await _residue(synced, number)
    assert _patches(synced) == 0
    await _choose(synced, number, kind)
    await notified(synced, number)
    assert await _residue(synced, number) == ""
    await _in_step(synced)


async def test_a_type_that_azure_devops_refuses_is_not_sent_again_until_a_person_asks(synced: Bench) -> None:
    number = await _task_of(synced, "User Story")
    synced.devops.faults.apply({"switches": {"type_by_patch": False}})
    await _chosen(synced, number, "Task")
    assert (_is(synced, number), await _is_there(synced, number)) == ("User Story", "Task")
    assert "read-only" in await _residue(synced, number)
    await act(synced.devops_url, act="update", id=number, fields={"System.Title": "Still a story"})
    engine, sent = synced.parts.engine, []
    for _ in range(2):
        synced.reset_calls()
        await notified(synced, number)
        (held,) = await engine.conflicts.of_item(synced.connection, work_item_key(number))
        assert (held.field, held.azure_devops, held.oneplan) == ("type", "User Story", "Task")
        await settle(engine, synced.connection, held.reference, "oneplan")
        await synced.pump()
        sent.append(_patches(synced))
    assert sent == [1, 1]  # once for each time that a person asks, never by itself

    synced.devops.faults.apply({"switches": {"type_by_patch": True}})
    await settle(engine, synced.connection, held.reference, "oneplan")
    await synced.pump()
    assert (_is(synced, number), await _is_there(synced, number)) == ("Task", "Task")
    assert await engine.conflicts.of_item(synced.connection, work_item_key(number)) == []
    await _in_step(synced)


@pytest.mark.parametrize(
    ("policy", "oneplan_first", "wins", "lost"),
    [
        ("azure-devops", False, "Bug", ["Task"]),
        ("oneplan", True, "Task", []),
        ("latest", True, "Bug", ["Task"]),
        ("latest", False, "Task", []),
    ],
)
async def test_a_type_changed_on_both_sides_is_decided_by_the_policy(
    dozen: Bench, policy: str, oneplan_first: bool, wins: str, lost: list[str]
) -> None:
    made = await _synced(dozen, conflictPolicy=policy)
    number = await _task_of(made, "User Story")
    await _choose(made, number, "Task") if oneplan_first else None
    await act(made.devops_url, act="update", id=number, fields={FIELD: "Bug"})
    await _choose(made, number, "Task") if not oneplan_first else None
    await notified(made, number)
    assert (_is(made, number), await _is_there(made, number)) == (wins, wins)
    assert [one.before for one in await activity_of(made, number) if one.action == "overwritten"] == lost
    await _in_step(made)


async def test_types_that_nobody_knows_the_times_of_are_held_until_a_person_decides(dozen: Bench) -> None:
    made = await _synced(dozen)
    made.oneplan.faults.apply({"switches": {"auditing": False}})
    number, engine = await _task_of(made, "User Story"), made.parts.engine
    await _choose(made, number, "Issue")
    await act(made.devops_url, act="update", id=number, fields={FIELD: "Task"})
    await notified(made, number)
    assert (_is(made, number), await _is_there(made, number)) == ("Task", "Issue")
    (held,) = await engine.conflicts.of_item(made.connection, work_item_key(number))
    assert (held.field, held.azure_devops, held.oneplan) == ("type", "Task", "Issue")

    await act(made.devops_url, act="update", id=number, fields={FIELD: "Bug"})
    await settle(engine, made.connection, held.reference, "azure-devops")
    await made.pump()
    (held,) = await engine.conflicts.of_item(made.connection, work_item_key(number))
    assert (held.azure_devops, held.oneplan, held.choice) == ("Bug", "Issue", "")  # he chose between other ones
    await settle(engine, made.connection, held.reference, "azure-devops")
    await made.pump()
    assert (_is(made, number), await _is_there(made, number)) == ("Bug", "Bug")
    await _in_step(made)


@pytest.mark.parametrize(("answer", "there"), [("leave", "Bug"), ("put-back", "User Story")])
async def test_an_import_only_connection_leaves_the_type_of_the_work_item(
    dozen: Bench, answer: str, there: str
) -> None:
    options = {"allowOnePlanEdits": False}
    made = await _synced(dozen, options=options, onOnePlanEditWhenImportOnly=answer)
    number = await _task_of(made, "User Story")
    await _chosen(made, number, "Bug")
    assert (_is(made, number), await _is_there(made, number), _patches(made)) == ("User Story", there, 0)


async def _task_of(made: Bench, kind: str) -> int:
    """A linked task of that type; in Agile, so that the types are there."""
    organization = made.devops.organization
    agile = {one.id for one in organization.projects if organization.process_of(one).name == "Agile"}
    async for link in made.parts.engine.links.list(made.connection):
        item = organization.items.get(int(link.key[1:])) if link.key.startswith("w") else None
        if link.kind == "task" and item and (item.type, item.project_id in agile) == (kind, True):
            return item.id
    raise AssertionError(f"no {kind}")
