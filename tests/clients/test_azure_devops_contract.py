"""The Azure DevOps client over the stand-in: what holds in the default positions, and what holds in every one."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from shared.adapters.azure_devops.batches import ItemCreate, ItemUpdate
from shared.adapters.azure_devops.model import CHILD, HYPERLINK, Person, WorkItemRecord
from shared.adapters.azure_devops.patch import Patch, tags_of
from shared.adapters.azure_devops.subscriptions import EVENTS, Wanted
from shared.core.errors import (
    CredentialRefused,
    NotFound,
    PermissionMissing,
    Rejected,
    Stale,
    UnknownOutcome,
    Unreachable,
)
from tests.clients.azure_devops_stand_in import POSITIONS, StandIn, standing_in

PLAN_URL = "https://my.oneplan.ai/plan/1"
HOOK = "https://app.example/api/hooks/azure-devops/contoso"


@pytest.fixture
async def remote() -> AsyncIterator[StandIn]:
    async with standing_in() as made:
        yield made


@pytest.fixture
async def seeded() -> AsyncIterator[StandIn]:
    async with standing_in(size=60) as made:
        yield made


async def test_the_token_tells_whose_it_is_and_which_organization_answers(remote: StandIn) -> None:
    account = await remote.client.accounts.me()
    mine = remote.organization.tokens[0].identity
    assert (account.id, account.name, account.organization_id) == (
        mine.id,
        mine.display_name,
        remote.organization.id,
    )


@pytest.mark.parametrize("pat", ["wrong", "expired-pat", ""])
async def test_a_bad_token_is_refused_in_every_look(remote: StandIn, pat: str) -> None:
    for body in ("empty", "list", "json"):
        remote.set("bad_pat_body", body)
        with pytest.raises(CredentialRefused):
            await remote.connect(pat).accounts.me()


async def test_every_project_with_its_teams_process_and_levels_is_read(remote: StandIn) -> None:
    projects = await remote.client.projects.read_all()
    assert {one.name for one in projects} == {one.name for one in remote.organization.projects}
    for project in projects:
        assert await remote.client.projects.teams(project.name)
        process = await remote.client.projects.process(project.id)
        assert process.id in remote.organization.processes
        levels = (await remote.client.processes.backlogs(project.name)).levels
        assert [one.rank for one in levels] == sorted((one.rank for one in levels), reverse=True)
        assert levels[-1].kind == "task"
        types = await remote.client.processes.categories(project.name)
        assert set(types.portfolio) == {name for one in levels if one.kind == "portfolio" for name in one.types}
        assert types.task[0] in levels[-1].types
        assert [one.rank for one in await remote.client.processes.behaviors(process.id)]


async def test_a_team_has_its_own_view_of_bugs(remote: StandIn) -> None:
    views = set()
    for project in remote.organization.projects:
        for team in await remote.client.projects.teams(project.name):
            views.add((await remote.client.processes.backlogs(project.name, team.name)).bugs_behavior)
    assert len(views) > 1


async def test_types_states_and_fields_are_read(remote: StandIn) -> None:
    processes, project = remote.client.processes, remote.project()
    types = {one.name: one for one in await processes.types(project)}
    assert {"Epic", "Feature", "User Story", "Task", "Bug"} <= types.keys()
    states = await processes.states(project, "User Story")
    assert ("Closed", "Completed") in {(one.name, one.category) for one in states}
    assert [one.name for one in types["User Story"].states] == [one.name for one in states]
    assert (await processes.categories(project)).bugs == ("Bug",)
    title = next(one for one in await processes.type_fields(project, "Task") if one.reference_name == "System.Title")
    assert title.required
    fields = {one.reference_name: one for one in await processes.fields()}
    assert fields["System.AssignedTo"].identity
    assert fields["System.Id"].read_only


async def test_iterations_are_read_as_paths_of_the_field_and_created(remote: StandIn) -> None:
    projects, project = remote.client.projects, remote.project()
    await projects.create_iteration(project, ("Release 9",), date(2026, 1, 5), date(2026, 1, 16))
    await projects.create_iteration(project, ("Release 9", "Week 1"))
    nodes = {one.path: one for one in await projects.nodes(project, "Iterations")}
    assert nodes[f"{project}\\Release 9"].start == date(2026, 1, 5)
    assert f"{project}\\Release 9\\Week 1" in nodes
    item = await remote.create("Task", "Planned")
    path = f"{project}\\Release 9\\Week 1"
    changed = await remote.client.work_items.update(item.id, Patch.at(item.rev).set("System.IterationPath", path))
    assert changed.fields["System.IterationPath"] == path
    with pytest.raises(Rejected):
        await projects.create_iteration(project, ("Release 9",))


async def test_an_item_is_created_read_changed_and_cleared(remote: StandIn) -> None:
    items = remote.client.work_items
    made = await remote.create("User Story", "Größe 王 <b>")
    assert (await items.read_one(made.id)).fields["System.Title"] == "Größe 王 <b>"
    patch = Patch.at(made.rev).set("Microsoft.VSTS.Common.Priority", 1).tags(["a", "b"])
    changed = await items.update(made.id, patch)
    assert changed.rev == made.rev + 1
    assert sorted(tags_of(changed.fields["System.Tags"])) == ["a", "b"]
    cleared = await items.update(made.id, Patch.at(changed.rev).tags([]))
    assert not cleared.fields.get("System.Tags")


async def test_a_write_over_another_revision_is_stale_and_changes_nothing(remote: StandIn) -> None:
    made = await remote.create("Task", "A")
    await remote.client.work_items.update(made.id, Patch.at(made.rev).set("System.Title", "B"))
    with pytest.raises(Stale):
        await remote.client.work_items.update(made.id, Patch.at(made.rev).set("System.Title", "C"))
    assert (await remote.client.work_items.read_one(made.id)).fields["System.Title"] == "B"


async def test_a_reparent_moves_no_revision_and_is_seen_in_relations_feed_and_history(remote: StandIn) -> None:
    items = remote.client.work_items
    old, new = await remote.create("Feature", "Old"), await remote.create("Feature", "New")
    story = await remote.create("User Story", "S", old)
    read = await items.read_one(story.id)
    assert read.parent == old.id
    token = (await remote.client.feeds.links(None)).token
    moved = await items.update(story.id, Patch.at(read.rev).parent(read.relations or (), new.url))
    assert (moved.parent, moved.rev) == (new.id, read.rev)
    rows = (await remote.client.feeds.links(token)).rows
    assert {(one.source, one.target, one.active) for one in rows} == {
        (old.id, story.id, False),
        (new.id, story.id, True),
    }
    newest = [one async for one in items.updates(story.id)][-1]
    assert (newest.rev, [one.target for one in newest.added], [one.target for one in newest.removed]) == (
        read.rev,
        [new.id],
        [old.id],
    )
    (parent,) = (await items.read([new.id])).items
    assert [one.target for one in parent.relations or () if one.rel == CHILD] == [story.id]


async def test_a_reparent_and_a_removed_hyperlink_go_in_one_patch(remote: StandIn) -> None:
    items = remote.client.work_items
    old = await remote.create("Feature", "Old")
    story = await remote.create("User Story", "S", old)
    patch = Patch.at(story.rev).hyperlink(PLAN_URL, "OnePlan").hyperlink(f"{PLAN_URL}2", "A person's")
    read = await items.update(story.id, patch)
    relations = read.relations or ()
    patch = Patch.at(read.rev).only_hyperlink(relations, None, "OnePlan").parent(relations, None)
    after = await items.update(story.id, patch)
    assert [(one.rel, one.url) for one in after.relations or ()] == [(HYPERLINK, f"{PLAN_URL}2")]


async def test_a_batch_read_gives_the_readable_and_names_the_others(remote: StandIn) -> None:
    items = remote.client.work_items
    there, gone = await remote.create("Task", "There"), await remote.create("Task", "Gone")
    await items.delete(gone.id)
    found = await items.read([there.id, gone.id, 99_999], ["System.Title", "System.Parent"])
    assert [item.fields["System.Title"] for item in found.items] == ["There"]
    assert found.missing == (gone.id, 99_999)


async def test_a_deleted_item_is_told_from_an_unreadable_one_and_comes_back(remote: StandIn) -> None:
    items = remote.client.work_items
    gone, hidden = await remote.create("Task", "Gone"), await remote.create("Task", "Hidden")
    await items.delete(gone.id)
    remote.organization.unreadable.add(hidden.id)
    for item in (gone.id, hidden.id):
        with pytest.raises(NotFound):
            await items.read_one(item)
    assert await items.is_deleted(gone.id)
    assert not await items.is_deleted(hidden.id)
    await items.restore(gone.id)
    assert (await items.read_one(gone.id)).fields["System.Title"] == "Gone"


async def test_a_query_finds_every_item_once_in_order_whatever_the_page(seeded: StandIn) -> None:
    whole = [one async for one in seeded.client.work_items.find()]
    paged = [one async for one in seeded.client.work_items.find(page=7)]
    ids = [one for page in paged for one in page.ids]
    assert ids == [one for page in whole for one in page.ids]
    assert ids == sorted(set(ids))
    assert set(ids) == {one for one in seeded.organization.items if seeded.world.readable(one)}
    assert all(page.as_of for page in paged)


async def test_a_condition_narrows_a_query_and_a_broken_one_is_refused_with_the_reason(seeded: StandIn) -> None:
    condition = "[System.WorkItemType] = 'Epic' OR [System.WorkItemType] = 'Feature'"
    pages = [one async for one in seeded.client.work_items.find(condition)]
    found = await seeded.client.work_items.read(pages[0].ids, ["System.WorkItemType"])
    assert {item.type for item in found.items} == {"Epic", "Feature"}
    with pytest.raises(Rejected, match="finding work items"):
        await anext(seeded.client.work_items.find("[System.NoSuchField] = 1"))


async def test_every_seeded_item_is_read_with_parent_people_and_formats(seeded: StandIn) -> None:
    items = seeded.client.work_items
    ids = (await anext(items.find())).ids
    named = ["System.Parent", "System.AssignedTo", "System.WorkItemType"]
    narrow = {one.id: one for one in (await items.read(ids, named)).items}
    wide = {one.id: one for one in (await items.read(ids)).items}
    assert narrow.keys() == wide.keys() == set(ids)
    assert {one.id: one.parent for one in narrow.values()} == {one.id: one.parent for one in wide.values()}
    people = [Person.of(one.fields.get("System.AssignedTo")) for one in wide.values()]
    assert any(person and "@" in person.unique_name for person in people)


async def test_the_revision_feed_gives_the_changed_the_deleted_and_then_nothing(remote: StandIn) -> None:
    kept, gone = await remote.create("Task", "Kept"), await remote.create("Task", "Gone")
    await remote.client.work_items.delete(gone.id)
    page = await remote.client.feeds.revisions(None, ["System.Id", "System.IsDeleted"])
    assert {(one.id, one.is_deleted) for one in page.rows} >= {(kept.id, False), (gone.id, True)}
    assert page.last
    assert (await remote.client.feeds.revisions(page.token, ["System.Id"])).rows == ()


async def test_a_batch_writes_many_items_in_one_request(remote: StandIn) -> None:
    made = [await remote.create("Task", f"T{number}") for number in range(3)]
    before = remote.world.calls.total
    entries = [ItemUpdate(one.id, Patch.at(one.rev).hyperlink(PLAN_URL, "OnePlan")) for one in made]
    outcomes = await remote.client.batches.write(entries)
    assert [one.id for one in outcomes if isinstance(one, WorkItemRecord)] == [one.id for one in made]
    assert remote.world.calls.total == before + 1
    (created,) = await remote.client.batches.write(
        [ItemCreate(remote.project(), "User Story", Patch().set("System.Title", "In a batch"))]
    )
    assert isinstance(created, WorkItemRecord)
    assert (await remote.client.work_items.read_one(created.id)).fields["System.Title"] == "In a batch"


async def test_a_batch_with_one_stale_write_says_which(remote: StandIn) -> None:
    remote.set("batch_all_or_nothing", False)
    one, other = await remote.create("Task", "A"), await remote.create("Task", "B")
    entries = [
        ItemUpdate(one.id, Patch.at(one.rev + 5).set("System.Title", "A2")),
        ItemUpdate(other.id, Patch.at(other.rev).set("System.Title", "B2")),
    ]
    outcomes = await remote.client.batches.write(entries)
    assert isinstance(outcomes[0], Stale)
    assert isinstance(outcomes[1], WorkItemRecord)


async def test_a_rule_that_refuses_names_the_field(remote: StandIn) -> None:
    made = await remote.create("User Story", "A")
    with pytest.raises(Rejected) as refused:
        await remote.client.work_items.update(made.id, Patch.at(made.rev).set("System.State", "No such state"))
    assert "System.State" in [one.field for one in refused.value.fields]
    assert all(one.reason for one in refused.value.fields)


async def test_a_check_saves_nothing(remote: StandIn) -> None:
    made = await remote.create("Task", "A")
    await remote.client.work_items.check_update(made.id, Patch.at(made.rev).set("System.Title", "B"))
    await remote.client.work_items.check_create(remote.project(), "Task", Patch().set("System.Title", "C"))
    read = await remote.client.work_items.read_one(made.id)
    assert (read.rev, read.fields["System.Title"]) == (made.rev, "A")
    assert len(remote.organization.items) == 1
    with pytest.raises(Rejected):
        await remote.client.work_items.check_create(remote.project(), "Task", Patch().set("System.Title", ""))


async def test_markdown_stays_markdown(remote: StandIn) -> None:
    made = await remote.create("User Story", "A")
    patch = Patch.at(made.rev).set("System.Description", "# One\n* two").markdown("System.Description")
    await remote.client.work_items.update(made.id, patch)
    read = await remote.client.work_items.read_one(made.id)
    assert read.is_markdown("System.Description")
    assert read.fields["System.Description"] == "# One\n* two"


async def test_comments_are_added_edited_read_and_deleted(remote: StandIn) -> None:
    made, comments, project = await remote.create("Task", "A"), remote.client.comments, remote.project()
    first = await comments.create(project, made.id, "**one**", "markdown")
    await comments.create(project, made.id, "<b>two</b>", "html")
    edited = await comments.update(project, made.id, first.id, "**uno**", "markdown")
    assert edited.version > first.version
    assert [one.text async for one in comments.read_all(project, made.id)] == ["**uno**", "<b>two</b>"]
    await comments.delete(project, made.id, first.id)
    assert [one.text async for one in comments.read_all(project, made.id)] == ["<b>two</b>"]


async def test_people_are_found_by_mail_and_name(remote: StandIn) -> None:
    person = next(one for one in remote.organization.identities if one.mail and not one.inactive)
    by_mail = await remote.client.identities.search(person.mail, "MailAddress")
    assert person.id in [one.id for one in by_mail]
    assert await remote.client.identities.search("nobody@nowhere.example", "MailAddress") == []


async def test_subscriptions_are_made_found_repaired_and_removed(remote: StandIn) -> None:
    hooks = remote.client.subscriptions
    made = [await hooks.create(Wanted(event, HOOK, "azure-devops", "hook-password")) for event in EVENTS]
    assert {one.event for one in await hooks.find(HOOK)} == set(EVENTS)
    assert await hooks.find("https://other.example") == []
    assert {one.id for one in await hooks.read_all()} == {one.id for one in made}
    moved = await hooks.replace(made[0].id, Wanted("created", f"{HOOK}2", "azure-devops", "hook-password2"))
    assert (moved.url, moved.sends, moved.resource_version) == (f"{HOOK}2", True, "1.0")
    assert (await hooks.read(made[0].id)).url == f"{HOOK}2"
    assert await hooks.deliveries(made[0].id) == []
    for one in made:
        await hooks.delete(one.id)
    assert await hooks.read_all() == []
    with pytest.raises(NotFound):
        await hooks.read(made[0].id)


async def test_the_least_scopes_are_enough_and_less_is_told_by_permission(remote: StandIn) -> None:
    project = remote.project()

    async def granted(pat: str) -> dict[str, bool]:
        permissions = remote.connect(pat).permissions
        probes = [
            await permissions.read_people("Jamal"),
            await permissions.read_work_items(),
            await permissions.write_work_items(project, "Task"),
            await permissions.manage_subscriptions(),
        ]
        assert all(one.granted or one.reason for one in probes)
        return {one.permission: one.granted for one in probes}

    assert all((await granted("demo-pat")).values())
    read_only = await granted("read-only-pat")
    assert (read_only["read work items"], read_only["write work items"]) == (True, False)
    assert not (await granted("no-identity-pat"))["read people"]
    assert not any((await granted("expired-pat")).values())


async def test_a_read_only_token_cannot_write_but_the_connection_goes_on(remote: StandIn) -> None:
    made = await remote.create("Task", "A")
    reader = remote.connect("read-only-pat")
    with pytest.raises((PermissionMissing, NotFound)):
        await reader.work_items.update(made.id, Patch.at(made.rev).set("System.Title", "B"))
    assert (await reader.work_items.read_one(made.id)).fields["System.Title"] == "A"


async def test_a_wait_that_comes_with_a_200_holds_the_next_request(remote: StandIn) -> None:
    await remote.client.accounts.me()
    assert remote.ledger.pauses == []
    remote.set("slowed", True)
    await remote.client.accounts.me()
    assert remote.ledger.pauses == [1.0]


async def test_a_create_whose_answer_is_replaced_has_happened_and_says_that_it_may_have(remote: StandIn) -> None:
    remote.fault(kind="answer-replaced", method="POST", path="/workitems/", status=503, times=1)
    with pytest.raises(UnknownOutcome):
        await remote.create("Task", "Only once")
    assert len(remote.organization.items) == 1


async def test_a_read_survives_a_short_outage_and_a_long_one_is_told(remote: StandIn) -> None:
    remote.fault(kind="status", status=503, times=2)
    assert await remote.client.projects.read_all()
    remote.fault(kind="status", status=503)
    with pytest.raises(Unreachable):
        await remote.client.projects.read_all()


@pytest.mark.parametrize("status", ["409", "412"])
async def test_a_lost_race_means_plan_again_and_changes_nothing(remote: StandIn, status: str) -> None:
    made = await remote.create("Task", "A")
    remote.set("lost_race", status)
    with pytest.raises(Stale, match=f"work item {made.id}"):
        await remote.client.work_items.update(made.id, Patch.at(made.rev).set("System.Title", "B"))
    assert (await remote.client.work_items.read_one(made.id)).fields["System.Title"] == "A"


async def _everything(remote: StandIn) -> None:
    """What a sync does to a few items; each step says so where it cannot."""
    items = remote.client.work_items
    first, second = await remote.create("Feature", "First"), await remote.create("Feature", "Second")
    story = await remote.create("User Story", "Story", first)
    read = await items.read_one(story.id)
    assert read.parent == first.id
    moved = await items.update(story.id, Patch.at(read.rev).parent(read.relations or (), second.url))
    assert (await items.read_one(story.id)).parent == second.id
    patch = Patch.at(moved.rev).set("System.Title", "New").hyperlink(PLAN_URL, "OnePlan")
    assert (await items.update(story.id, patch)).fields["System.Title"] == "New"
    with pytest.raises(Stale):
        await items.update(story.id, Patch.at(read.rev).set("System.Title", "Newer"))
    found = await items.read([story.id, 99_999])
    assert ([one.id for one in found.items], found.missing) == ([story.id], (99_999,))
    await items.delete(story.id)
    assert await items.is_deleted(story.id)
    assert (await items.read([story.id])).missing == (story.id,)
    assert story.id not in (await anext(items.find())).ids
    await items.restore(story.id)
    assert (await items.read_one(story.id)).parent == second.id
    assert [one async for one in items.updates(story.id)]
    assert (await remote.client.feeds.revisions(None, ["System.Id"])).rows
    assert (await remote.client.feeds.links(None)).rows
    hook = await remote.client.subscriptions.create(Wanted("updated", HOOK, "azure-devops", "hook-password"))
    await remote.client.subscriptions.delete(hook.id)


@pytest.mark.parametrize(("switch", "position"), POSITIONS, ids=str)
async def test_the_client_works_in_every_position_of_what_the_record_leaves_open(switch: str, position: Any) -> None:
    async with standing_in(**{switch: position}) as remote:
        await _everything(remote)
