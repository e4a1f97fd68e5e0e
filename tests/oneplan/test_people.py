"""People and teams (section 10)."""

import pytest

from local.oneplan.model import ZERO
from tests.oneplan.conftest import OnePlan

# The mails of the people of Azure DevOps' stand-in, whom a sync matches by mail, but for one who is unknown here.
MAILS = {
    "pmo@contoso.com",
    "jamal@contoso.com",
    "norman@contoso.com",
    "christie@contoso.com",
    "chuck@contoso.com",
    "zofie@contoso.com",
    "layla@contoso.com",
    "xiuying.wang@contoso.com",
    "ana.garcia@contoso.com",
    "alex.kim@contoso.com",
    "alex.kim2@contoso.com",
    "gunnar@contoso.com",
    "ingrid.intern@contoso.com",
    "olga.upper@contoso.com",
    "priya.admin@contoso.com",
    "sam.oneil@partner.example",
}


async def test_the_people_have_the_mails_of_the_other_stand_in(oneplan: OnePlan) -> None:
    people = (await oneplan.get("resources")).json()
    here = {one["Fields"]["mail"] for one in people if "mail" in one["Fields"]}
    assert here == MAILS
    assert [one["name"] for one in people if "mail" not in one["Fields"]] == ["Walk-in Worker"]


@pytest.mark.parametrize("query", [{"email": "PMO@contoso.com"}, {"field": "Mail", "value": "pmo@CONTOSO.com"}])
async def test_a_person_is_found_by_mail_whatever_its_letter_case(oneplan: OnePlan, query: dict[str, str]) -> None:
    [found] = (await oneplan.get("resources", **query)).json()
    assert found["name"] == "Paula Möller"
    assert found["id"] != found["userid"]
    assert (await oneplan.get(f"resources/{found['id']}")).json() == found


async def test_an_id_is_found_by_mail_then_by_name(oneplan: OnePlan) -> None:
    [jamal] = (await oneplan.get("resources", email="jamal@contoso.com")).json()
    for query in ({"Email": "jamal@contoso.com"}, {"Email ": "jamal@contoso.com"}, {"Name": "jamal hartnett"}):
        assert (await oneplan.get("resources/GetResourceId", **query)).json() == jamal["id"]
    assert (await oneplan.get("resources/GetResourceId", Email="nobody@contoso.com")).json() is None


async def test_two_people_may_have_one_name(oneplan: OnePlan) -> None:
    assert len((await oneplan.get("resources/find", Name="Alex Kim")).json()) == 2
    rule = {"field": "mail", "operator": "contains", "value": "alex.kim2"}
    assert len((await oneplan.post("resources/find", {"Filter": rule})).json()) == 1
    unknown = await oneplan.post("resources/find", {"Filter": {**rule, "operator": "resembles"}})
    assert unknown.status_code == 500


async def test_generic_people_are_listed_only_where_asked_for(oneplan: OnePlan) -> None:
    await oneplan.post("resources", {"Resource": {"Name": "Any developer", "Generic": True}})
    usual = (await oneplan.get("resources")).json()
    everyone = (await oneplan.get("resources", Generics="true")).json()
    assert {one["name"] for one in everyone} - {one["name"] for one in usual} == {"Any developer"}


async def test_a_person_changes_and_an_inactive_one_stays(oneplan: OnePlan) -> None:
    [gone] = (await oneplan.get("resources", email="gunnar@contoso.com")).json()
    assert gone["Inactive"] is True
    changed = await oneplan.post(f"resources/{gone['id']}", {"Resource": {"Fields": {"jobTitle": "Pilot"}}})
    assert changed.json()["Fields"]["jobTitle"] == "Pilot"
    assert (await oneplan.post(f"resources/{gone['id']}", {"Name": "x"})).status_code == 500


@pytest.mark.parametrize("works", [True, False])
async def test_deleting_a_person_may_do_nothing(oneplan: OnePlan, works: bool) -> None:
    oneplan.switch("resource_delete_works", works)
    [person] = (await oneplan.get("resources", email="chuck@contoso.com")).json()
    assert (await oneplan.delete(f"resources/{person['id']}")).json()["ResourceId"] == person["id"]
    assert (await oneplan.get(f"resources/{person['id']}")).status_code == (404 if works else 200)


async def test_teams_have_members_and_mine_are_those_i_am_in(oneplan: OnePlan) -> None:
    [team] = (await oneplan.get("enterpriseteams")).json()
    assert (await oneplan.get("enterpriseteams/list/my")).json() == [team]
    assert (await oneplan.get(f"enterpriseteams/{team['id']}")).json() == team
    names = [one["name"] for one in (await oneplan.get(f"enterpriseteams/{team['id']}/members")).json()]
    assert names == ["Jamal Hartnett", "Norman Paulk", "Paula Möller"]
    oneplan.switch("editor_of_key", "zero")
    assert (await oneplan.get("enterpriseteams/list/my")).json() == []


async def test_the_group_of_the_key_is_told(oneplan: OnePlan) -> None:
    group = (await oneplan.get("resources/megroup")).json()
    assert (group["Name"], group["ConfigId"]) == ("Contoso PMO", oneplan.group.id)
    assert group["id"] != ZERO
