"""Deleting, the recycle bin, and batches of deletions (section 5)."""

import pytest

from tests.azure_devops.api import Api, error_of


async def test_a_deleted_item_is_in_the_bin_and_nowhere_else(api: Api) -> None:
    made = await api.create()
    deleted = await api.ok("DELETE", f"/_apis/wit/workitems/{made['id']}")
    assert (deleted["id"], deleted["code"], deleted["name"]) == (made["id"], 200, "made")
    assert deleted["url"].endswith(f"/_apis/wit/recycleBin/{made['id']}")
    assert error_of(await api.call("GET", f"/_apis/wit/workitems/{made['id']}"))[2] == "TF401232"
    assert await api.found("[System.Id] > 0") == []
    assert [one["id"] for one in (await api.ok("GET", "/_apis/wit/recyclebin"))["value"]] == [made["id"]]
    details = await api.ok("GET", "/_apis/wit/recyclebin", params={"ids": str(made["id"])})
    assert details["value"][0]["deletedBy"] == "Ann Ode <ann@tiny.test>"


async def test_a_delete_may_answer_204(api: Api) -> None:
    made = await api.create()
    await api.switch(delete_answer="204")
    assert (await api.call("DELETE", f"/_apis/wit/workitems/{made['id']}")).status_code == 204


async def test_a_restored_item_is_back(api: Api) -> None:
    made = await api.create()
    path = f"/_apis/wit/recyclebin/{made['id']}"
    await api.ok("DELETE", f"/_apis/wit/workitems/{made['id']}")
    assert (await api.call("PATCH", path, json={"isDeleted": True})).status_code == 400
    restored = await api.ok("PATCH", path, json={"isDeleted": False})
    assert restored["url"].endswith(f"/_apis/wit/workItems/{made['id']}")
    assert (await api.get(made["id"]))["rev"] == 1
    assert (await api.call("GET", path)).status_code == 404


async def test_what_is_destroyed_in_the_bin_is_gone(api: Api) -> None:
    made = await api.create()
    path = f"/_apis/wit/recyclebin/{made['id']}"
    await api.ok("DELETE", f"/_apis/wit/workitems/{made['id']}")
    assert (await api.call("DELETE", path, pat="write-pat")).status_code == 403
    assert (await api.call("DELETE", path)).status_code == 204
    assert (await api.call("PATCH", path, json={"isDeleted": False})).status_code == 404


@pytest.mark.parametrize("destroy", [False, True])
async def test_many_are_deleted_with_one_answer_each(api: Api, destroy: bool) -> None:
    made = await api.create()
    body = {"ids": [made["id"], 999], "destroy": destroy}
    rows = (await api.ok("POST", "/_apis/wit/workitemsdelete", json=body))["results"]
    assert [(one["id"], one["code"]) for one in rows] == [(made["id"], 200), (999, 404)]
    assert (await api.ok("GET", "/_apis/wit/recyclebin"))["count"] == (0 if destroy else 1)
