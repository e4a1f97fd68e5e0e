"""The first sync of a realistic organization, checked from outside (issue 3, Done when)."""

import re
import sys
from math import ceil

import pytest

from local.azurite import Azurite
from local.vault import RunningVault
from shared.engine.explain import explain
from tests.sync.bench import Bench, bench


async def test_every_item_arrives_once_in_its_place_and_a_second_look_writes_nothing(
    azurite: Azurite, vault: RunningVault
) -> None:
    async with bench(azurite.connection_string, vault, size=300) as made:
        await made.connect()
        made.reset_calls()
        run = await made.full_sync()
        assert (run.state, run.problem, run.counts["waiting"], run.counts["failures"]) == ("done", "", 0, 0)
        calls = made.devops_calls, made.oneplan_calls
        report = await made.compare()
        assert report.problems == []
        assert (run.counts["plansLinked"], run.counts["tasksLinked"]) == (report.count("plan"), report.count("task"))
        _cap(len(report.expected), report.count("plan"), report.count("task"), *calls)
        await _left_out(made, report.expected)
        await _second_look(made)
        for seen in made.judges:
            seen.verify()


def _cap(items: int, plans: int, tasks: int, devops: dict[str, int], oneplan: dict[str, int]) -> None:
    """The calls are the product's cost (issue 3): printed, and capped."""
    spent = sum(devops.values()), sum(oneplan.values())
    sys.stdout.write(
        f"\n{items} items: {spent[0]} calls to Azure DevOps; {plans} plans, {tasks} tasks: {spent[1]} to OnePlan\n"
    )
    assert spent[0] <= ceil(items / 200) + 40, devops
    assert spent[1] <= 1.05 * tasks + 4 * plans + 10, oneplan


async def _left_out(made: Bench, expected: dict[int, object]) -> None:
    """Each item that is left out says so, with the rule that the ancestry table names."""
    for number, one in expected.items():
        told = await explain(made.parts.engine, made.connection, number)
        assert told.rule == one.rule, (number, told)  # type: ignore[attr-defined]
        assert told.answer == ("left-out" if told.rule else "linked")


async def _second_look(made: Bench) -> None:
    made.reset_calls()
    run = await made.full_sync()
    counts = run.counts
    assert (run.state, counts.get("drifted", 0), counts["waiting"], counts["failures"]) == ("done", 0, 0, 0)
    assert set(counts) & {"created", "updated", "settled", "held", "gone", "later"} == set()
    written = {route: count for route, count in made.oneplan_calls.items() if not route.startswith("GET")}
    assert written == {}
    routes = (*made.oneplan_calls, *made.devops_calls)
    assert [route for route in routes if re.search(r"/(workplan|tasks|workitems)/\{\w+\}$", route)] == []
    assert "GET /api/workplan/{plan}/tasks" in routes  # that is how a route shows


async def test_the_failing_seed_lists_exactly_what_must_fail(azurite: Azurite, vault: RunningVault) -> None:
    switches = {"refuse_name_prefix": "⛔"}
    async with bench(azurite.connection_string, vault, size=60, seed="failing", oneplan=switches) as made:
        await made.connect()
        run = await made.full_sync()
        failures = await made.parts.engine.failures.list(made.connection)
        expected = set(made.devops.organization.expected_failures)
        assert run.state == "done"
        assert {int(one.key[1:]) for one in failures} == expected
        assert all("not allowed" in one.reason for one in failures)
        waiting = {int(one.key[1:]) for one in await made.parts.engine.waiting.list(made.connection)}
        report = await made.compare(but=frozenset(expected | waiting))
        assert report.problems == []


@pytest.mark.parametrize("projects", [True, False])
async def test_team_projects_become_parent_plans_only_where_asked(small: Bench, projects: bool) -> None:
    await small.connect(options={"teamProjectAsParentPlan": projects})
    run = await small.full_sync()
    assert (run.state, run.counts["waiting"], run.counts["failures"]) == ("done", 0, 0)
    names = {one.name for one in small.devops.organization.projects}
    plans = small.oneplan.groups[0].plans.values()
    tops = {one["Name"] for one in plans if one["Integrations"] and one["PortfolioParentId"].startswith("00000000")}
    assert (tops <= names) is projects
    if projects:
        assert run.reasons.get("no plan above", 0) == 0
        again = await small.full_sync()
        assert again.counts.get("drifted", 0) == 0
