"""Links: parents, cycles, duplicates, order, deletion (sections 5 and 6)."""

import pytest

from local.azure_devops.world import World
from tests.azure_devops.api import CHILD, PARENT, RELATED, Api, adding, error_of, removing, setting


async def parent_of(api: Api, id_: int) -> int | None:
    found = (await api.get(id_))["fields"].get("System.Parent")
    return None if found is None else int(found)


async def test_a_parent_changes_in_one_patch(api: Api) -> None:
    one, two = await api.create("Feature"), await api.create("Feature")
    child = await api.create("User Story", parent=one["id"])
    answer = await api.patch(child["id"], removing(0), adding(PARENT, two["id"]))
    assert (answer.status_code, await parent_of(api, child["id"])) == (200, two["id"])
    assert "relations" not in await api.get(one["id"], expand="relations")
    last = (await api.ok("GET", f"/_apis/wit/workitems/{child['id']}/updates"))["value"][-1]
    assert {name: len(rows) for name, rows in last["relations"].items()} == {"added": 1, "removed": 1}


async def test_a_second_parent_is_tf201036_from_either_end(api: Api) -> None:
    one, two = await api.create("Feature"), await api.create("Feature")
    child = await api.create("User Story", parent=one["id"])
    assert error_of(await api.patch(child["id"], adding(PARENT, two["id"])))[2] == "TF201036"
    assert error_of(await api.patch(two["id"], adding(CHILD, child["id"])))[2] == "TF201036"


async def test_a_second_parent_replaces_the_first_by_switch(api: Api) -> None:
    one, two = await api.create("Feature"), await api.create("Feature")
    child = await api.create("User Story", parent=one["id"])
    await api.switch(second_parent="replaces")
    assert (await api.patch(child["id"], adding(PARENT, two["id"]))).status_code == 200
    assert await parent_of(api, child["id"]) == two["id"]


async def test_a_cycle_is_refused_unless_switched(api: Api) -> None:
    top = await api.create("Epic")
    middle = await api.create("Feature", parent=top["id"])
    assert error_of(await api.patch(top["id"], adding(PARENT, middle["id"])))[2] == "TF201065"
    assert error_of(await api.patch(top["id"], adding(PARENT, top["id"])))[2] == "TF201065"
    await api.switch(cycle_refused=False)
    assert (await api.patch(top["id"], adding(PARENT, middle["id"]))).status_code == 200


@pytest.mark.parametrize("status", ["400", "409"])
async def test_a_link_that_is_there_is_refused(api: Api, status: str) -> None:
    one, two = await api.create(), await api.create()
    await api.patch(one["id"], adding(RELATED, two["id"]))
    await api.switch(existing_link_status=status)
    answer = await api.patch(one["id"], adding(RELATED, two["id"]))
    assert error_of(answer)[:2] == (int(status), "RelationAlreadyExistsException")


async def test_a_link_to_what_is_not_there_is_refused(api: Api) -> None:
    one = await api.create()
    assert error_of(await api.patch(one["id"], adding(RELATED, 999)))[2] == "TF401232"


async def test_relations_may_come_back_in_another_order_and_an_index_means_that_order(api: Api) -> None:
    one, two, three = [await api.create() for _ in range(3)]
    await api.patch(one["id"], adding(RELATED, two["id"]), adding(RELATED, three["id"]))
    await api.switch(relations_reordered=True)
    shown = (await api.get(one["id"], expand="relations"))["relations"]
    assert [int(link["url"].rpartition("/")[2]) for link in shown] == [three["id"], two["id"]]
    left = (await api.patch(one["id"], removing(0))).json()["relations"]
    assert [int(link["url"].rpartition("/")[2]) for link in left] == [two["id"]]


async def test_indexes_shift_as_relations_are_removed_in_one_document(api: Api) -> None:
    one, two, three = [await api.create() for _ in range(3)]
    await api.patch(one["id"], adding(RELATED, two["id"]), adding(RELATED, three["id"]))
    assert (await api.patch(one["id"], removing(0), removing(1))).status_code == 400
    assert (await api.patch(one["id"], removing(1), removing(0))).status_code == 200


async def test_hyperlinks_make_a_revision_unless_switched(api: Api) -> None:
    made = await api.create()
    link = {"op": "add", "path": "/relations/-", "value": {"rel": "Hyperlink", "url": "https://a.test/1"}}
    assert (await api.patch(made["id"], link)).json()["rev"] == 2
    await api.switch(hyperlink_makes_revision=False)
    link["value"] = {"rel": "Hyperlink", "url": "https://a.test/2"}
    assert (await api.patch(made["id"], link)).json()["rev"] == 2


async def test_an_attachment_makes_a_revision_and_its_bytes_come_back(api: Api) -> None:
    made = await api.create()
    octets = {"Content-Type": "application/octet-stream"}
    sent = await api.ok("POST", "/_apis/wit/attachments", params={"fileName": "a b.txt"}, content=b"hi", headers=octets)
    link = {"op": "add", "path": "/relations/-", "value": {"rel": "AttachedFile", "url": sent["url"]}}
    assert (await api.patch(made["id"], link)).json()["rev"] == 2
    assert (await api.call("GET", f"/_apis/wit/attachments/{sent['id']}")).content == b"hi"
    assert (await api.call("POST", "/_apis/wit/attachments", json={})).status_code == 415


@pytest.mark.parametrize(("position", "gone"), [("vanishes", True), ("stays", False)])
async def test_a_deleted_parents_links_vanish_and_return(api: Api, position: str, gone: bool) -> None:
    parent = await api.create("Feature")
    child = await api.create("User Story", parent=parent["id"])
    await api.switch(deleted_parent_link=position)
    await api.ok("DELETE", f"/_apis/wit/workitems/{parent['id']}")
    assert (await parent_of(api, child["id"]) is None) is gone
    await api.ok("PATCH", f"/_apis/wit/recyclebin/{parent['id']}", json={"isDeleted": False})
    assert await parent_of(api, child["id"]) == parent["id"]
    assert len((await api.get(parent["id"], expand="relations"))["relations"]) == 1


async def test_links_return_when_both_ends_were_deleted(api: Api) -> None:
    parent = await api.create("Feature")
    child = await api.create("User Story", parent=parent["id"])
    for id_ in (parent["id"], child["id"]):
        await api.ok("DELETE", f"/_apis/wit/workitems/{id_}")
    for id_ in (parent["id"], child["id"]):
        await api.ok("PATCH", f"/_apis/wit/recyclebin/{id_}", json={"isDeleted": False})
    assert await parent_of(api, child["id"]) == parent["id"]


async def test_a_restored_item_closes_no_circle(api: Api) -> None:
    """What was above it hangs below what was below it by now."""
    top = await api.create("User Story")
    middle = await api.create("User Story", parent=top["id"])
    low = await api.create("User Story", parent=middle["id"])
    await api.ok("DELETE", f"/_apis/wit/workitems/{middle['id']}")
    moved = await api.http.post("/__control/act", json={"act": "reparent", "id": top["id"], "parent": low["id"]})
    assert moved.status_code == 200
    await api.ok("PATCH", f"/_apis/wit/recyclebin/{middle['id']}", json={"isDeleted": False})
    above = [await parent_of(api, one["id"]) for one in (top, middle, low)]
    assert above == [low["id"], top["id"], None]


async def test_a_destroyed_parent_leaves_no_link(api: Api, world: World) -> None:
    parent = await api.create("Feature")
    child = await api.create("User Story", parent=parent["id"])
    answer = await api.call("DELETE", f"/_apis/wit/workitems/{parent['id']}", params={"destroy": "true"})
    assert answer.status_code == 204
    assert await parent_of(api, child["id"]) is None
    assert world.organization.destroyed == {parent["id"]}


async def test_relations_in_an_answer_to_a_write_are_a_switch(api: Api) -> None:
    parent = await api.create("Feature")
    child = await api.create("User Story", parent=parent["id"])
    patch = setting({"System.Title": "x"})
    assert "relations" in (await api.patch(child["id"], *patch)).json()
    await api.switch(update_answers_relations=False)
    assert "relations" not in (await api.patch(child["id"], *patch)).json()
    assert "relations" in (await api.patch(child["id"], *patch, params={"$expand": "relations"})).json()
