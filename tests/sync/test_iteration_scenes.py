"""What people name as a task's iteration in OnePlan leads to the iteration of its team project (R11)."""

from uuid import uuid4

from local.azure_devops.model import Node, Project
from tests.sync.acts import act
from tests.sync.bench import Bench
from tests.sync.scenes import counterpart, link_of, linked, notified

FIELD, NODES = "System.IterationPath", "GET /{organization}/{project}/_apis/wit/classificationnodes/{group}"


async def _named(made: Bench, number: int, name: str) -> None:
    link = await link_of(made, number)
    await act(made.oneplan_url, act="edit-task", task=link.target, fields={"Iteration": name})
    made.reset_calls()
    await notified(made, number)


def _elsewhere(made: Bench, number: int) -> Node:
    """An iteration of the item's project that it is not in, and whose name no other one of the project has."""
    nodes, there = _project(made, number).iterations.walk(), made.devops.organization.items[number].now.fields[FIELD]
    names = [one.name for one in nodes]
    return next(one for one in nodes[1:] if one.path != there and names.count(one.name) == 1)


def _project(made: Bench, number: int) -> Project:
    item = made.devops.organization.items[number]
    return next(one for one in made.devops.organization.projects if one.id == item.project_id)


async def _both(made: Bench, number: int) -> tuple[str, str]:
    there = counterpart(made, await link_of(made, number))
    assert there is not None
    return made.devops.organization.items[number].now.fields[FIELD], there["Fields"]["Iteration"]


async def test_a_name_leads_to_the_iteration_and_stays_a_name(dozen: Bench) -> None:
    await dozen.connect()
    await dozen.full_sync()
    number = await linked(dozen, "task")
    node = _elsewhere(dozen, number)
    await _named(dozen, number, node.name.upper())
    assert await _both(dozen, number) == (node.path, node.name.upper())
    assert dozen.devops_calls[NODES] == 1
    dozen.reset_calls()
    again = await dozen.full_sync()
    assert (again.counts.get("drifted", 0), dozen.devops_calls.get(NODES, 0)) == (0, 0)


async def test_a_path_costs_no_look_at_the_iterations(dozen: Bench) -> None:
    await dozen.connect()
    await dozen.full_sync()
    number = await linked(dozen, "task")
    node = _elsewhere(dozen, number)
    await _named(dozen, number, node.path)
    assert await _both(dozen, number) == (node.path, node.path)
    assert NODES not in dozen.devops_calls


async def test_a_name_that_no_iteration_has_stays_with_its_reason_until_there_is_one(dozen: Bench) -> None:
    await dozen.connect()
    await dozen.full_sync()
    number = await linked(dozen, "task")
    before = (await _both(dozen, number))[0]
    await _named(dozen, number, "Hardening")
    assert await _both(dozen, number) == (before, "Hardening")
    base = (await link_of(dozen, number)).base
    assert base is not None
    said = "no iteration of Azure DevOps, or more than one, is called 'Hardening'; write its path"
    assert said in base.residues.values()

    root = _project(dozen, number).iterations
    root.children.append(Node(990001, str(uuid4()), "Hardening", "iteration", f"{root.name}\\Hardening"))
    await notified(dozen, number)
    assert await _both(dozen, number) == (f"{root.name}\\Hardening", "Hardening")
