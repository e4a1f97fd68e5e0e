"""Plan routes: what the record documents and the traps that were seen."""

import re
from typing import Any

import pytest

from local.oneplan.model import ZERO
from tests.oneplan.conftest import OnePlan


async def test_a_created_plan_reads_back_whole(oneplan: OnePlan) -> None:
    made = await oneplan.plan("Shop", Fields={"Description": "<p>x</p>", "Priority": 2})
    read = (await oneplan.get(f"workplan/{made['id'].upper()}")).json()
    assert read == made
    assert (read["Name"], read["Fields"]["Priority"], read["PortfolioParentId"]) == ("Shop", 2, ZERO)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+00:00", read["Modified"])


async def test_lists_have_no_paging_and_hide_archived_plans(oneplan: OnePlan) -> None:
    made = await oneplan.plan("Old")
    before = (await oneplan.get("workplan", **{"$top": 1, "$skip": 1})).json()
    await oneplan.delete(f"workplan/{made['id']}", Archive="true")
    after = (await oneplan.get("workplan")).json()
    assert len(before) == len(oneplan.group.plans)
    assert made["id"] not in [one["id"] for one in after]
    assert made["id"] in [one["id"] for one in (await oneplan.get("workplan", ShowArchived="true")).json()]


async def test_an_update_changes_only_what_is_sent(oneplan: OnePlan) -> None:
    made = await oneplan.plan("Shop", Fields={"Priority": 2, "Tags": "a"})
    body = {"WorkPlan": {"Fields": {"Tags": "b"}}}
    answer = await oneplan.post(f"workplan/{made['id']}", body, ChangedFields="true")
    read = (await oneplan.get(f"workplan/{made['id']}")).json()
    assert answer.json() == read
    assert (read["Name"], read["Fields"]["Priority"], read["Fields"]["Tags"]) == ("Shop", 2, "b")
    assert read["Modified"] > made["Modified"]


@pytest.mark.parametrize(("position", "left"), [("replace", None), ("merge", 2)])
async def test_an_update_without_changed_fields(oneplan: OnePlan, position: str, left: Any) -> None:
    oneplan.switch("plan_update_without_changed_fields", position)
    made = await oneplan.plan("Shop", Fields={"Priority": 2})
    await oneplan.post(f"workplan/{made['id']}", {"WorkPlan": {"Fields": {"Tags": "b"}}})
    assert (await oneplan.get(f"workplan/{made['id']}")).json()["Fields"].get("Priority") == left


@pytest.mark.parametrize(("position", "empty"), [("body", False), ("empty", True)])
async def test_an_update_may_answer_without_a_body(oneplan: OnePlan, position: str, empty: bool) -> None:
    oneplan.switch("update_answer", position)
    made = await oneplan.plan()
    answer = await oneplan.post(f"workplan/{made['id']}", {"WorkPlan": {"Name": "New"}}, ChangedFields="true")
    assert (answer.status_code, answer.content == b"") == (200, empty)


@pytest.mark.parametrize("position", ["honoured", "ignored"])
async def test_a_parent_on_create(oneplan: OnePlan, position: str) -> None:
    oneplan.switch("parent_on_create", position)
    parent = await oneplan.plan("Parent")
    child = await oneplan.plan("Child", "Feature", PortfolioParentId=parent["id"], ParentId=parent["id"])
    assert child["PortfolioParentId"] == (parent["id"] if position == "honoured" else ZERO)


async def test_changetype_moves_and_retypes(oneplan: OnePlan) -> None:
    parent, child = await oneplan.plan("Parent"), await oneplan.plan("Child")
    feature = oneplan.group.plan_type("Feature")["id"]
    answer = await oneplan.post(f"workplan/{child['id']}/changetype", PlanType=feature, NewParentId=parent["id"])
    assert (answer.json()["PlannerTypeId"], answer.json()["PortfolioParentId"]) == (feature, parent["id"])
    assert [one["id"] for one in (await oneplan.get(f"workplan/{parent['id']}/subplans")).json()] == [child["id"]]


async def test_changetype_needs_both_parameters_and_makes_no_cycle(oneplan: OnePlan) -> None:
    parent = await oneplan.plan("Parent")
    child = await oneplan.plan("Child", PortfolioParentId=parent["id"])
    kind = parent["PlannerTypeId"]
    assert (await oneplan.post(f"workplan/{child['id']}/changetype", PlanType=kind)).status_code == 400
    cycle = await oneplan.post(f"workplan/{parent['id']}/changetype", PlanType=kind, NewParentId=child["id"])
    assert cycle.status_code == 500


async def test_a_deleted_plan_takes_its_tasks_and_frees_its_children(oneplan: OnePlan) -> None:
    parent = await oneplan.plan("Parent")
    child = await oneplan.plan("Child", PortfolioParentId=parent["id"])
    task = await oneplan.task(parent)
    await oneplan.delete(f"workplan/{parent['id']}")
    assert (await oneplan.get(f"workplan/{parent['id']}")).status_code == 404
    assert (await oneplan.get(f"workplan/{child['id']}")).json()["PortfolioParentId"] == ZERO
    assert task["id"] not in oneplan.group.tasks


@pytest.mark.parametrize("body", [None, [], {}, {"WorkPlan": []}, {"WorkPlan": {"Name": "x"}}])
async def test_a_wrong_body_is_500_with_a_null_reference(oneplan: OnePlan, body: Any) -> None:
    answer = await oneplan.post("workplan", body)
    assert answer.status_code == 500
    assert "Object reference" in answer.json()["ExceptionMessage"]


async def test_filtering_by_plan_type_without_built_in_is_500(oneplan: OnePlan) -> None:
    epic = oneplan.group.plan_type("Epic")["id"]
    query = {"FilterField": "PlannerTypeId", "FilterValue": epic}
    assert (await oneplan.get("workplan", **query)).status_code == 500
    found = (await oneplan.get("workplan", **query, BuiltInField="true")).json()
    assert {one["PlannerTypeId"] for one in found} == {epic}


@pytest.mark.parametrize(("position", "status"), [("dropped", 200), ("500", 500)])
async def test_plan_dates_cannot_be_written(oneplan: OnePlan, position: str, status: int) -> None:
    oneplan.switch("plan_dates_write", position)
    made = await oneplan.plan()
    body = {"WorkPlan": {"Fields": {"Start": "2026-01-01"}}}
    assert (await oneplan.post(f"workplan/{made['id']}", body, ChangedFields="true")).status_code == status
    assert "Start" not in (await oneplan.get(f"workplan/{made['id']}")).json()["Fields"]


async def test_read_only_and_calculated_fields_are_dropped(oneplan: OnePlan) -> None:
    made = await oneplan.plan(Fields={"PercentComplete": 50})
    assert "PercentComplete" not in made["Fields"]


@pytest.mark.parametrize(("position", "kept"), [("ignored", False), ("stored", True)])
async def test_a_key_that_is_no_field(oneplan: OnePlan, position: str, kept: bool) -> None:
    oneplan.switch("unknown_field_key", position)
    assert ("Nonsense" in (await oneplan.plan(Fields={"Nonsense": 1}))["Fields"]) == kept


@pytest.mark.parametrize(("position", "kept"), [("stored", True), ("ignored", False)])
async def test_a_choice_that_is_not_among_the_choices(oneplan: OnePlan, position: str, kept: bool) -> None:
    oneplan.switch("dangling_choice", position)
    made = await oneplan.plan(Fields={"State": "5f0c2e0a-0000-4000-8000-00000000abcd"})
    assert ("State" in made["Fields"]) == kept


@pytest.mark.parametrize(("position", "text"), [(True, "<p>&nbsp;</p>"), (False, " <p> </p>\r\n")])
async def test_long_texts_may_be_normalised(oneplan: OnePlan, position: bool, text: str) -> None:
    oneplan.switch("multiline_normalised", position)
    assert (await oneplan.plan(Fields={"Description": " <p> </p>\r\n"}))["Fields"]["Description"] == text


async def test_a_text_over_the_limit_is_500(oneplan: OnePlan) -> None:
    oneplan.switch("text_limit", 255)
    body = {"WorkPlan": {"Name": "x", "PlanType": oneplan.group.plan_types[0]["id"], "Fields": {"Tags": "x" * 256}}}
    assert (await oneplan.post("workplan", body)).status_code == 500


async def test_a_name_that_is_refused_is_500_only_where_the_switch_says_so(oneplan: OnePlan) -> None:
    await oneplan.plan("⛔ stop")
    oneplan.switch("refuse_name_prefix", "⛔")
    body = {"WorkPlan": {"Name": "⛔ stop", "PlanType": oneplan.group.plan_types[0]["id"]}}
    assert (await oneplan.post("workplan", body)).status_code == 500


@pytest.mark.parametrize(("position", "listed"), [(True, True), (False, False)])
async def test_a_list_may_lack_custom_fields(oneplan: OnePlan, position: bool, listed: bool) -> None:
    oneplan.switch("list_has_fields", position)
    made = await oneplan.plan(Fields={"Tags": "a"})
    found = next(one for one in (await oneplan.get("workplan")).json() if one["id"] == made["id"])
    assert ("Tags" in found["Fields"]) == listed
    assert (await oneplan.get(f"workplan/{made['id']}")).json()["Fields"]["Tags"] == "a"


@pytest.mark.parametrize(("position", "first"), [("honoured", "Newest"), ("ignored", "Contoso portfolio")])
async def test_find_sorts_by_modified_or_not(oneplan: OnePlan, position: str, first: str) -> None:
    oneplan.switch("find_sort", position)
    await oneplan.plan("Newest")
    body = {"MaxItems": 2, "Sort": "Modified", "SortDirection": "desc"}
    found = (await oneplan.post("workplan/find", body)).json()
    assert (len(found["Items"]), found["MoreItems"], found["Items"][0]["Name"]) == (2, True, first)


async def test_find_filters_by_a_tree_of_rules(oneplan: OnePlan) -> None:
    await oneplan.plan("Apple", Fields={"Tags": "fruit"})
    await oneplan.plan("Beet", Fields={"Tags": "root"})
    rules = [
        {"field": "Tags", "operator": "equal", "value": "fruit"},
        {"field": "Name", "operator": "contains", "value": "bee"},
    ]
    found = (await oneplan.post("workplan/find", {"Filter": {"condition": "OR", "rules": rules}})).json()
    assert [one["Name"] for one in found["Items"]] == ["Apple", "Beet"]


@pytest.mark.parametrize(("position", "status"), [("none", 200), ("500", 500)])
async def test_a_locked_plan(oneplan: OnePlan, position: str, status: int) -> None:
    oneplan.switch("lock_effect", position)
    made = await oneplan.plan()
    await oneplan.act("lock-plan", plan=made["id"])
    answer = await oneplan.post(f"workplan/{made['id']}", {"WorkPlan": {"Name": "x"}}, ChangedFields="true")
    assert answer.status_code == status


@pytest.mark.parametrize("moves", [False, True])
async def test_an_update_may_move_and_retype_a_plan(oneplan: OnePlan, moves: bool) -> None:
    oneplan.switch("plan_update_moves", moves)
    parent, child = await oneplan.plan("Parent"), await oneplan.plan("Child")
    feature = oneplan.group.plan_type("Feature")["id"]
    body = {"WorkPlan": {"PlanType": feature, "PortfolioParentId": parent["id"].upper()}}
    read = (await oneplan.post(f"workplan/{child['id']}", body, ChangedFields="true")).json()
    assert (read["PortfolioParentId"] == parent["id"], read["PlannerTypeId"] == feature) == (moves, moves)


@pytest.mark.parametrize(("cap", "found"), [(0, 104), (100, 100)])
async def test_find_may_be_capped(oneplan: OnePlan, cap: int, found: int) -> None:
    oneplan.switch("find_most", cap)
    for number in range(100):
        await oneplan.act("create-plan", name=f"Plan {number}", type="Epic")
    answer = (await oneplan.post("workplan/find", {"MaxItems": 500})).json()
    assert (len(answer["Items"]), answer["MoreItems"]) == (found, found < 104)


async def test_a_plan_type_is_an_id_and_never_a_name(oneplan: OnePlan) -> None:
    assert (await oneplan.post("workplan", {"WorkPlan": {"Name": "x", "PlanType": "Epic"}})).status_code == 500


async def test_what_is_refused_leaves_the_plan_as_it_was(oneplan: OnePlan) -> None:
    made = await oneplan.plan("Shop", Fields={"Tags": "a"})
    for fields in ({"Priority": "high", "Tags": "b"}, {"Tags": "b", "TargetDate": "soon"}):
        body = {"WorkPlan": {"Name": "New", "Fields": fields}}
        assert (await oneplan.post(f"workplan/{made['id']}", body, ChangedFields="false")).status_code == 500
    assert (await oneplan.get(f"workplan/{made['id']}")).json() == made


async def test_the_owner_is_a_person_of_the_plan_and_moves_by_the_member(oneplan: OnePlan) -> None:
    mails = ("jamal@contoso.com", "norman@contoso.com")
    jamal, norman = [(await oneplan.get("resources", email=one)).json()[0]["id"] for one in mails]
    made = await oneplan.plan(Owner=jamal)
    assert (made["Fields"]["Owner"], [one["upn"] for one in made["UserList"]]) == (jamal, [jamal])
    body = {"WorkPlan": {"Owner": norman.upper()}}
    read = (await oneplan.post(f"workplan/{made['id']}", body, ChangedFields="true")).json()
    assert (read["Fields"]["Owner"], [one["upn"] for one in read["UserList"]]) == (norman, [norman])


async def test_comments_come_and_go(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    task = await oneplan.task(plan)
    for path in (f"workplan/{plan['id']}/comments", f"tasks/{task['id']}/comments"):
        made = (await oneplan.post(path, {"Comment": "Hi"})).json()
        assert (await oneplan.get(path)).json()["Comments"] == [made]
        assert (await oneplan.delete(f"{path}/{made['Id']}")).status_code == 200
        assert (await oneplan.delete(f"{path}/{made['Id']}")).status_code == 404
        assert (await oneplan.get(path)).json()["Comments"] == []
