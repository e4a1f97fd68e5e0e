"""Reading one, many, revisions and updates (section 5)."""

import pytest

from local.azure_devops.world import World
from tests.azure_devops.api import CHILD, PARENT, Api, adding, error_of, removing, setting

BATCH = "/_apis/wit/workitemsbatch"


async def test_an_item_has_no_empty_fields_and_no_relations_without_any(api: Api) -> None:
    made = await api.create()
    item = await api.get(made["id"], expand="relations")
    assert "System.Description" not in item["fields"]
    assert "relations" not in item
    assert "System.Id" not in item["fields"]
    assert item["url"].endswith(f"/33333333-0000-4000-8000-000000000001/_apis/wit/workItems/{made['id']}")


async def test_expand_all_adds_the_long_form(api: Api) -> None:
    made = await api.create(System__AreaPath="Alpha\\Web")
    fields = (await api.get(made["id"], expand="all"))["fields"]
    assert fields["System.Id"] == made["id"]
    assert fields["System.RevisedDate"] == "9999-01-01T00:00:00Z"
    assert (fields["System.AreaLevel2"], fields["System.NodeName"], fields["System.AreaId"]) == ("Web", "Web", 14)


async def test_a_batch_with_omit_has_null_where_an_item_cannot_be_read(api: Api, world: World) -> None:
    first, hidden = await api.create(), await api.create()
    world.organization.unreadable.add(hidden["id"])
    body = {"ids": [hidden["id"], first["id"], 999], "errorPolicy": "omit", "fields": ["system.title"]}
    answer = await api.ok("POST", BATCH, json=body)
    assert answer["count"] == 3
    assert [one and one["fields"] for one in answer["value"]] == [None, {"System.Title": "made"}, None]
    await api.switch(omitted_items="absent")
    assert (await api.ok("POST", BATCH, json=body))["count"] == 1


async def test_one_bad_id_fails_a_batch_as_a_whole(api: Api) -> None:
    made = await api.create()
    answer = await api.call("POST", BATCH, json={"ids": [made["id"], 999]})
    assert error_of(answer) == (404, "WorkItemUnauthorizedAccessException", "TF401232")


@pytest.mark.parametrize("count", [0, 201])
async def test_a_batch_takes_1_to_200_ids(api: Api, count: int) -> None:
    assert (await api.call("POST", BATCH, json={"ids": list(range(1, count + 1))})).status_code == 400


async def test_fields_together_with_expand_is_refused_unless_switched(api: Api) -> None:
    made = await api.create()
    body = {"ids": [made["id"]], "fields": ["System.Title"], "$expand": "relations"}
    assert (await api.call("POST", BATCH, json=body)).status_code == 400
    await api.switch(fields_with_expand="allowed")
    assert (await api.call("POST", BATCH, json=body)).status_code == 200


async def test_an_unknown_field_is_refused(api: Api) -> None:
    made = await api.create()
    answer = await api.call("GET", f"/_apis/wit/workitems/{made['id']}", params={"fields": "No.Such"})
    assert error_of(answer)[2] == "TF51535"


async def test_an_item_of_another_project_is_not_found_in_a_project(api: Api) -> None:
    made = await api.create()
    assert (await api.call("GET", f"/Beta/_apis/wit/workitems/{made['id']}")).status_code == 404
    assert (await api.call("GET", f"/alpha/_apis/wit/WORKITEMS/{made['id']}")).status_code == 200


async def test_as_of_shows_fields_and_relations_of_that_time(api: Api, world: World) -> None:
    parent, item = await api.create("Feature"), await api.create("User Story")
    before = world.organization.items[item["id"]].now.changed.isoformat()
    later = world.clock
    world.store.now = lambda: later().replace(year=2100)
    await api.patch(item["id"], *setting({"System.Title": "new"}), adding(PARENT, parent["id"]))
    old = await api.get(item["id"], expand="relations", asOf=before)
    assert (old["rev"], old["fields"]["System.Title"], "relations" in old) == (1, "made", False)
    new = await api.get(item["id"], expand="relations")
    assert (new["rev"], new["fields"]["System.Parent"], len(new["relations"])) == (2, parent["id"], 1)


async def test_a_link_change_is_an_update_at_both_ends_but_no_revision(api: Api, world: World) -> None:
    parent, child = await api.create("Feature"), await api.create("User Story")
    watermark = world.organization.watermark
    changed = child["fields"]["System.ChangedDate"]
    await api.patch(child["id"], adding(PARENT, parent["id"]))
    now = await api.get(child["id"], expand="relations")
    assert (now["rev"], now["fields"]["System.ChangedDate"], world.organization.watermark) == (1, changed, watermark)
    assert now["fields"]["System.Parent"] == parent["id"]
    for id_, rel in ((child["id"], PARENT), (parent["id"], CHILD)):
        updates = (await api.ok("GET", f"/_apis/wit/workitems/{id_}/updates"))["value"]
        assert [(one["id"], one["rev"]) for one in updates] == [(1, 1), (2, 1)]
        assert "fields" not in updates[1]
        assert [one["rel"] for one in updates[1]["relations"]["added"]] == [rel]


async def test_revisions_are_snapshots_and_updates_are_deltas(api: Api) -> None:
    made = await api.create(System__Description="old")
    await api.patch(made["id"], *setting({"System.Title": "new", "System.Description": ""}))
    path = f"/_apis/wit/workitems/{made['id']}"
    revisions = (await api.ok("GET", f"{path}/revisions"))["value"]
    assert [one["fields"]["System.Title"] for one in revisions] == ["made", "new"]
    delta = (await api.ok("GET", f"{path}/updates/2"))["fields"]
    assert delta["System.Title"] == {"oldValue": "made", "newValue": "new"}
    assert delta["System.Description"] == {"oldValue": "old"}
    assert delta["System.Rev"] == {"oldValue": 1, "newValue": 2}
    assert (await api.ok("GET", f"{path}/revisions", params={"$skip": "1", "$top": "5"}))["count"] == 1
    assert (await api.call("GET", f"{path}/revisions/3")).status_code == 404


async def test_revised_date_of_an_update_is_when_it_ended(api: Api) -> None:
    made = await api.create()
    await api.patch(made["id"], *setting({"System.Title": "new"}))
    first, last = (await api.ok("GET", f"/_apis/wit/workitems/{made['id']}/updates"))["value"]
    assert first["revisedDate"] == last["fields"]["System.ChangedDate"]["newValue"]
    assert last["revisedDate"] == "9999-01-01T00:00:00Z"


async def test_who_removed_a_link_may_be_shown_as_who_added_it(api: Api) -> None:
    parent = await api.create("Feature")
    child = await api.create("User Story", parent=parent["id"])
    await api.switch(removed_link_author="adder")
    answer = await api.patch(child["id"], removing(0), pat="write-pat")
    assert answer.status_code == 200
    last = (await api.ok("GET", f"/_apis/wit/workitems/{child['id']}/updates"))["value"][-1]
    assert last["revisedBy"]["uniqueName"] == "ann@tiny.test"


@pytest.mark.parametrize(("switch", "member"), [("markdown_answered", "multilineFieldsFormat")])
async def test_the_format_map_is_answered_unless_switched(api: Api, switch: str, member: str) -> None:
    made = await api.create()
    assert (await api.get(made["id"]))[member] == {}
    await api.switch(**{switch: False})
    assert member not in await api.get(made["id"])


async def test_system_parent_is_absent_on_older_servers(api: Api) -> None:
    parent = await api.create("Feature")
    child = await api.create("User Story", parent=parent["id"])
    assert child["fields"]["System.Parent"] == parent["id"]
    await api.switch(system_parent_field=False)
    assert "System.Parent" not in (await api.get(child["id"]))["fields"]
