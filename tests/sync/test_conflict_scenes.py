"""Both sides changed one field, and fields that a side refuses, over the whole engine (R16, R26)."""

from typing import Any

import pytest

from shared.core.snapshots import work_item_key
from shared.engine.by_person import settle
from tests.sync.acts import act
from tests.sync.bench import Bench
from tests.sync.scenes import activity_of, counterpart, link_of, linked, notified, title

THERE, HERE = "Renamed in Azure DevOps", "Renamed in OnePlan"


async def _both_renamed(made: Bench, kind: str = "plan", *, oneplan_first: bool = False, **members: Any) -> int:
    """A linked work item whose title was changed on both sides, and then was looked at."""
    await made.connect(**members)
    assert (await made.full_sync()).state == "done"
    number = await linked(made, kind)
    link = await link_of(made, number)

    async def here() -> None:
        await act(made.oneplan_url, act=f"edit-{kind}", **{kind: link.target}, name=HERE)

    await here() if oneplan_first else None
    await act(made.devops_url, act="update", id=number, fields={"System.Title": THERE})
    await here() if not oneplan_first else None
    await notified(made, number)
    return number


async def _titles(made: Bench, number: int) -> tuple[str, str]:
    there = counterpart(made, await link_of(made, number))
    assert there is not None
    return title(made, number), str(there["Name"])


@pytest.mark.parametrize("kind", ["plan", "task"])
@pytest.mark.parametrize(
    ("policy", "oneplan_first", "wins", "loses"),
    [
        ("azure-devops", False, THERE, HERE),
        ("oneplan", False, HERE, THERE),
        ("latest", False, HERE, THERE),
        ("latest", True, THERE, HERE),
    ],
)
async def test_the_policy_decides_and_the_losing_value_is_in_the_activity(
    dozen: Bench, kind: str, policy: str, oneplan_first: bool, wins: str, loses: str
) -> None:
    number = await _both_renamed(dozen, kind, oneplan_first=oneplan_first, conflictPolicy=policy)
    assert await _titles(dozen, number) == (wins, wins)
    assert [one.before for one in await activity_of(dozen, number) if one.action == "overwritten"] == [loses]


@pytest.mark.parametrize("policy", ["hold", "latest"])
async def test_what_is_held_keeps_both_values_until_a_person_decides(dozen: Bench, policy: str) -> None:
    dozen.oneplan.faults.apply({"switches": {"auditing": False}})
    number = await _both_renamed(dozen, conflictPolicy=policy)
    assert await _titles(dozen, number) == (THERE, HERE)
    engine = dozen.parts.engine
    (held,) = await engine.conflicts.of_item(dozen.connection, work_item_key(number))
    assert (held.azure_devops, held.oneplan) == (THERE, HERE)
    dozen.reset_calls()
    await dozen.full_sync()
    assert [route for route in (*dozen.oneplan_calls, *dozen.devops_calls) if route.startswith("PATCH")] == []

    await settle(engine, dozen.connection, held.reference, "oneplan")
    await dozen.pump()
    assert await _titles(dozen, number) == (HERE, HERE)
    assert await engine.conflicts.of_item(dozen.connection, work_item_key(number)) == []
    assert [one.before for one in await activity_of(dozen, number) if one.action == "overwritten"] == [THERE]


async def test_a_conflict_that_people_have_ended_themselves_is_listed_no_more(dozen: Bench) -> None:
    """Both took their edits back before anybody looked again."""
    number = await _both_renamed(dozen, conflictPolicy="hold")
    conflicts, link = dozen.parts.engine.conflicts, await link_of(dozen, number)
    assert len(await conflicts.of_item(dozen.connection, work_item_key(number))) == 1
    assert link.base is not None
    agreed = link.base.fields["System.Title>Name"]
    await act(dozen.oneplan_url, act="edit-plan", plan=link.target, name=agreed.oneplan)
    await act(dozen.devops_url, act="update", id=number, fields={"System.Title": agreed.azure_devops})
    await notified(dozen, number)
    assert await conflicts.of_item(dozen.connection, work_item_key(number)) == []
    assert not (await link_of(dozen, number)).held


async def test_a_choice_does_not_stand_for_values_that_changed_since(dozen: Bench) -> None:
    number = await _both_renamed(dozen, conflictPolicy="hold")
    engine = dozen.parts.engine
    (held,) = await engine.conflicts.of_item(dozen.connection, work_item_key(number))
    await act(dozen.devops_url, act="update", id=number, fields={"System.Title": "A third one"})
    await settle(engine, dozen.connection, held.reference, "oneplan")
    await dozen.pump()
    assert await _titles(dozen, number) == ("A third one", HERE)


async def test_a_field_that_azure_devops_refuses_stays_and_the_others_go_through(dozen: Bench) -> None:
    await dozen.connect()
    await dozen.full_sync()
    number = await linked(dozen, "task")
    link = await link_of(dozen, number)
    wrong = {"Iteration": "No such project\\Sprint 1"}
    await act(dozen.oneplan_url, act="edit-task", task=link.target, name=HERE, fields=wrong)
    await notified(dozen, number)
    assert title(dozen, number) == HERE
    recorded = (await link_of(dozen, number)).base
    assert recorded is not None
    (reason,) = [text for key, text in recorded.residues.items() if key.endswith(">Iteration")]
    assert reason
    dozen.reset_calls()
    await dozen.full_sync()
    assert [route for route in dozen.devops_calls if route.startswith("PATCH")] == []
    assert any(one.action == "refused" for one in await activity_of(dozen, number))
