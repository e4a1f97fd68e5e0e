"""`$batch`: many writes in one request (section 6)."""

import json
from typing import Any

import pytest

from local.azure_devops.world import World
from tests.azure_devops.api import PARENT, Api, adding, setting, testing

URI = "/_apis/wit/$batch"


def creating(temporary: int, kind: str, *operations: dict[str, Any]) -> dict[str, Any]:
    body = [{"op": "add", "path": "/id", "value": temporary}, *setting({"System.Title": kind}), *operations]
    return _request(f"/Alpha/_apis/wit/workitems/${kind.replace(' ', '%20')}?api-version=7.1", body)


def updating(id_: int, *operations: dict[str, Any]) -> dict[str, Any]:
    return _request(f"/_apis/wit/workitems/{id_}?api-version=7.1", list(operations))


def _request(uri: str, body: list[dict[str, Any]]) -> dict[str, Any]:
    return {"method": "PATCH", "uri": uri, "headers": {"Content-Type": "application/json-patch+json"}, "body": body}


@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_new_items_are_linked_by_negative_ids(api: Api, method: str) -> None:
    entries = [creating(-1, "Feature"), creating(-2, "User Story", adding(PARENT, -1))]
    answer = await api.ok(method, URI, json=entries)
    parent, child = (json.loads(one["body"]) for one in answer["value"])
    assert [one["code"] for one in answer["value"]] == [200, 200]
    assert child["fields"]["System.Parent"] == parent["id"]


async def test_a_batch_is_all_or_nothing(api: Api, world: World) -> None:
    made = await api.create()
    entries = [creating(-1, "Task"), updating(made["id"], testing(9))]
    answer = await api.ok("POST", URI, json=entries)
    assert [one["code"] for one in answer["value"]] == [412, 412]
    assert list(world.organization.items) == [made["id"]]
    assert world.organization.next_id == made["id"] + 1


async def test_by_switch_a_batch_keeps_what_succeeded(api: Api, world: World) -> None:
    made = await api.create()
    await api.switch(batch_all_or_nothing=False)
    entries = [creating(-1, "Task"), updating(made["id"], testing(9))]
    answer = await api.ok("POST", URI, json=entries)
    assert [one["code"] for one in answer["value"]] == [200, 412]
    assert len(world.organization.items) == 2


async def test_what_was_undone_also_undoes_links_at_the_other_end(api: Api) -> None:
    parent, child = await api.create("Feature"), await api.create("User Story")
    entries = [updating(child["id"], adding(PARENT, parent["id"])), updating(child["id"], testing(9))]
    await api.ok("POST", URI, json=entries)
    assert "relations" not in await api.get(parent["id"], expand="relations")
    assert (await api.ok("GET", "/_apis/wit/reporting/workitemlinks"))["values"] == []


async def test_more_than_200_requests_are_refused(api: Api) -> None:
    assert (await api.call("POST", URI, json=[updating(1)] * 201)).status_code == 400


async def test_wider_rights_may_be_wanted(api: Api) -> None:
    made = await api.create()
    entries = [updating(made["id"], *setting({"System.Title": "x"}))]
    assert (await api.call("POST", URI, pat="write-pat", json=entries)).status_code == 200
    await api.switch(batch_scope="wider")
    assert (await api.call("POST", URI, pat="write-pat", json=entries)).status_code == 403
