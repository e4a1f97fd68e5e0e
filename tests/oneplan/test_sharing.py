"""Who may see a plan, and dependencies between plans (section 4)."""

import pytest

from tests.oneplan import members
from tests.oneplan.conftest import OnePlan
from tests.oneplan.test_shapes import wrong

UNKNOWN = "11111111-2222-4333-8444-555555555555"


async def test_a_person_has_one_level_until_removed(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    path, person = f"workplan/{plan['id']}/user", (await oneplan.get("resources")).json()[3]["id"]
    for level in (1, 3):
        await oneplan.post(path, {"Id": person, "Level": level})
    rows = (await oneplan.get(path)).json()
    assert [one["Level"] for one in rows if one["upn"] == person] == [3]
    assert [wrong(one, members.USER_ACCESS) for one in rows] == [[], []]
    assert (await oneplan.delete(path)).status_code == 400
    await oneplan.delete(path, UserId=person)
    assert person not in [one["upn"] for one in (await oneplan.get(path)).json()]
    assert (await oneplan.get("workplan/user/levels")).json()["4"] == "Owner"


async def test_a_plan_is_shared_with_a_team_until_it_is_not(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    path, team = f"workplan/{plan['id']}/sharedwithteam", (await oneplan.get("enterpriseteams")).json()[0]["id"]
    await oneplan.post(path, {"Id": team, "Level": 1})
    [row] = (await oneplan.get(path)).json()
    assert (row["TeamId"], wrong(row, members.TEAM_ACCESS)) == (team, [])
    await oneplan.delete(path, TeamId=team)
    assert (await oneplan.get(path)).json() == []


@pytest.mark.parametrize("route", ["user", "sharedwithteam"])
async def test_sharing_with_nobody_is_500(oneplan: OnePlan, route: str) -> None:
    plan = await oneplan.plan()
    assert (await oneplan.post(f"workplan/{plan['id']}/{route}", {"Id": UNKNOWN, "Level": 1})).status_code == 500


async def test_a_dependency_between_plans_ends_with_either(oneplan: OnePlan) -> None:
    one, two = await oneplan.plan("One"), await oneplan.plan("Two")
    made = (await oneplan.post("workplan/dependency", {"From": one["id"], "To": two["id"], "Lag": 1})).json()
    assert wrong(made, members.PLAN_LINK) == []
    changed = (await oneplan.post(f"workplan/dependency/{made['id']}", {"Lag": 2})).json()
    assert changed == {**made, "Lag": 2}
    assert (await oneplan.post("workplan/dependency", {"From": one["id"], "To": UNKNOWN})).status_code == 500
    await oneplan.delete(f"workplan/{one['id']}")
    assert (await oneplan.delete(f"workplan/dependency/{made['id']}")).status_code == 404
