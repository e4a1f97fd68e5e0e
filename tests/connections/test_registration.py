"""What a save registers in the two systems: found again and repaired, never doubled (R9)."""

import re

from local.azure_devops.subscription import BY_USER, ON_PROBATION
from shared.engine.saving import go_on
from tests.connections.conftest import ADDRESS, Desk

LAST = "ffffffff-ffff-4fff-8fff-ffffffffffff"
EVENTS = ["workitem.commented", "workitem.created", "workitem.deleted", "workitem.restored", "workitem.updated"]


# The types that every process of the organization has.
ONLY = {"planLevelTypes": ["Epic", "Feature"], "taskTypes": ["Task", "Bug"]}


def _wanted(desk: Desk) -> list[tuple[str, str]]:
    return sorted((str(one.body["eventType"]), one.publisher("projectId")) for one in desk.subscriptions)


async def test_an_open_scope_subscribes_to_the_whole_organization(desk: Desk) -> None:
    made = (await desk.create()).connection
    assert _wanted(desk) == [(event, "") for event in EVENTS]
    assert {one.consumer("url") for one in desk.subscriptions} == {f"{ADDRESS}/api/hooks/azure-devops/{made.id}"}
    assert {one.password for one in desk.subscriptions} == {await desk.bench.parts.secrets.get(made.secrets.hook)}
    assert (made.steps["subscriptions"].state, made.steps["subscriptions"].detail[:15]) == ("done", "5 subscriptions")


async def test_a_scope_of_team_projects_subscribes_to_each(desk: Desk) -> None:
    projects = desk.bench.devops.organization.projects[:2]
    await desk.create(scope={"projects": [one.name for one in projects]}, **ONLY)
    assert _wanted(desk) == sorted((event, one.id) for event in EVENTS for one in projects)


async def test_a_team_project_that_refuses_keeps_no_other_from_being_repaired(desk: Desk) -> None:
    first, second = desk.bench.devops.organization.projects[:2]
    made = (await desk.create(scope={"projects": [first.name, second.name]}, **ONLY)).connection
    for one in desk.subscriptions:
        one.status = BY_USER
    refused = next(one for one in desk.subscriptions if one.publisher("projectId") == first.id)
    desk.fault("azure-devops", kind="status", method="PUT", path=f"hooks/subscriptions/{refused.id}$", status=403)
    step = (await go_on(desk.bench.parts.engine, made)).connection.steps["subscriptions"]
    assert {one.id for one in desk.subscriptions if one.status != "enabled"} == {refused.id}
    assert (step.state, step.detail.endswith(f"So it was for: {first.name}.")) == ("warning", True)


async def test_saved_plans_are_posted_once_with_the_secret(desk: Desk) -> None:
    made = (await desk.create()).connection
    secret = await desk.bench.parts.secrets.get(made.secrets.hook)
    (event,) = desk.events
    assert event["EventUrl"] == f"{ADDRESS}/api/hooks/oneplan/{made.id}?key={secret}"
    assert (event["IntegrationId"], event["Strategy"], event["List"]) == (made.integration, "OnePlanPublish", 0)
    assert [one["Id"] for one in desk.line_items] == [made.integration]


async def test_saving_again_registers_nothing_twice(desk: Desk) -> None:
    desk.bench.oneplan.faults.apply({"switches": {"connected_systems_route": True}})
    made = (await desk.create()).connection
    before = {one.id for one in desk.subscriptions}
    again = (await go_on(desk.bench.parts.engine, made)).connection
    assert ({one.id for one in desk.subscriptions}, len(desk.events), len(desk.line_items)) == (before, 1, 1)
    assert desk.buttons == ["Contoso"]
    assert {step.state for step in again.steps.values()} == {"done"}


async def test_a_subscription_that_does_not_send_is_repaired_in_its_place(desk: Desk) -> None:
    made = (await desk.create()).connection
    ids = {one.id for one in desk.subscriptions}
    first, second, third, *_ = desk.subscriptions
    first.status, second.status, third.body["publisherInputs"]["areaPath"] = ON_PROBATION, BY_USER, "Elsewhere"
    await go_on(desk.bench.parts.engine, made)
    assert {one.id for one in desk.subscriptions} == ids
    assert {(one.status, one.publisher("areaPath")) for one in desk.subscriptions} == {("enabled", "")}
    assert {one.password for one in desk.subscriptions} == {await desk.bench.parts.secrets.get(made.secrets.hook)}


async def test_missing_and_surplus_ones_are_put_right(desk: Desk) -> None:
    made = (await desk.create()).connection
    (event,) = desk.events
    registered = desk.bench.devops.deliveries.subscriptions
    registered.pop(next(iter(registered)))
    double = next(iter(registered.values()))
    registered[LAST] = type(double)(LAST, double.body, "x", double.owner, double.created, double.modified)
    desk.bench.oneplan.groups[0].events[LAST] = {**event, "id": LAST}
    await go_on(desk.bench.parts.engine, made)
    assert _wanted(desk) == [(name, "") for name in EVENTS]
    assert [one["id"] for one in desk.events] == [event["id"]]


async def test_a_refused_subscription_is_a_warning_that_says_how_to_do_it_by_hand(desk: Desk) -> None:
    desk.fault("azure-devops", kind="status", method="POST", path="hooks/subscriptions$", status=403)
    saved = await desk.create()
    step = saved.connection.steps["subscriptions"]
    assert (saved.connection.state, step.state, bool(saved.run)) == ("ready", "warning", True)
    for said in ("Service hooks", "Web Hooks", f"{ADDRESS}/api/hooks/azure-devops/{saved.connection.id}", "Work item"):
        assert said in step.what_to_do
    desk.mend()
    again = await go_on(desk.bench.parts.engine, saved.connection)
    assert (again.connection.steps["subscriptions"].state, len(desk.subscriptions)) == ("done", 5)


async def test_what_oneplan_does_not_offer_is_a_warning_that_names_the_button(desk: Desk) -> None:
    made = (await desk.create()).connection
    step = made.steps["connectedSystem"]
    assert (step.state, desk.buttons) == ("warning", [])
    assert re.search(r"Settings > Integration .* 'Contoso'", step.what_to_do)


async def test_a_write_without_an_answer_is_looked_for_and_not_sent_again(desk: Desk) -> None:
    desk.fault("azure-devops", kind="answer-replaced", method="POST", path="hooks/subscriptions$", status=504, times=2)
    desk.fault("oneplan", kind="answer-replaced", method="POST", path="api/events$", status=504, times=1)
    made = (await desk.create()).connection
    assert (made.steps["subscriptions"].state, made.steps["event"].state) == ("done", "done")
    assert (_wanted(desk), len(desk.events)) == ([(event, "") for event in EVENTS], 1)


async def test_a_system_that_is_away_leaves_its_steps_pending_and_saving_again_ends_them(desk: Desk) -> None:
    desk.fault("oneplan", kind="status", method="POST", path="api/events$", status=503)
    made = (await desk.create()).connection
    assert {name: step.state for name, step in made.steps.items() if step.state != "done"} == {
        "event": "pending",
        "connectedSystem": "pending",
    }
    desk.mend()
    again = (await go_on(desk.bench.parts.engine, made)).connection
    assert (again.steps["event"].state, len(desk.events)) == ("done", 1)
