"""The two reporting feeds: what changed since a token, and that only the links feed sees re-parenting (section 5)."""

from typing import Any

import pytest

from tests.azure_devops.api import PARENT, Api, adding, error_of, removing, setting


async def _feed(api: Api, feed: str, token: str = "", **params: str) -> dict[str, Any]:
    query = params | ({"continuationToken": token} if token else {})
    return dict(await api.ok("GET", f"/_apis/wit/reporting/{feed}", params=query))


async def _revisions(api: Api, token: str = "", **params: str) -> dict[str, Any]:
    return await _feed(api, "workItemRevisions", token, **params)


async def _links(api: Api, token: str = "", **params: str) -> dict[str, Any]:
    return await _feed(api, "workItemLinks", token, **params)


async def test_every_revision_is_told_once_oldest_first(api: Api) -> None:
    first = await api.create()
    start = await _revisions(api)
    assert [(one["id"], one["rev"]) for one in start["values"]] == [(first["id"], 1)]
    await api.patch(first["id"], *setting({"System.Title": "two"}))
    await api.patch(first["id"], *setting({"System.Title": "three"}))
    later = await _revisions(api, start["continuationToken"])
    assert [(one["id"], one["rev"]) for one in later["values"]] == [(first["id"], 2), (first["id"], 3)]
    assert (await _revisions(api, later["continuationToken"]))["values"] == []


async def test_latest_only_tells_an_item_once(api: Api) -> None:
    item = await api.create()
    await api.patch(item["id"], *setting({"System.Title": "two"}))
    assert [one["rev"] for one in (await _revisions(api, includeLatestOnly="true"))["values"]] == [2]


async def test_pages_end_with_the_last_batch(api: Api) -> None:
    made = [(await api.create())["id"] for _ in range(5)]
    page, seen = await _revisions(api, **{"$maxPageSize": "2"}), []
    while True:
        seen += [one["id"] for one in page["values"]]
        if page["isLastBatch"]:
            break
        page = await _revisions(api, page["continuationToken"], **{"$maxPageSize": "2"})
    assert seen == made


@pytest.mark.parametrize(("position", "told"), [("flag", [True]), ("absent", [])])
async def test_a_deleted_item_is_told_with_a_flag_unless_switched(api: Api, position: str, told: list[bool]) -> None:
    item = await api.create()
    start = await _revisions(api, includeDeleted="true")
    await api.switch(deleted_in_feed=position)
    await api.ok("DELETE", f"/_apis/wit/workitems/{item['id']}")
    later = await _revisions(api, start["continuationToken"], includeDeleted="true")
    assert [one["fields"]["System.IsDeleted"] for one in later["values"]] == told


async def test_reparenting_is_told_by_the_links_feed_only(api: Api) -> None:
    one, two, story = await api.create("Feature"), await api.create("Feature"), await api.create("User Story")
    await api.patch(story["id"], adding(PARENT, one["id"]))
    revisions, links = await _revisions(api), await _links(api)
    await api.patch(story["id"], removing(0), adding(PARENT, two["id"]))
    assert (await _revisions(api, revisions["continuationToken"]))["values"] == []
    told = (await _links(api, links["continuationToken"]))["values"]
    assert {(row["sourceId"], row["targetId"], row["isActive"]) for row in told} == {
        (one["id"], story["id"], False),
        (two["id"], story["id"], True),
    }


async def test_a_token_of_the_other_feed_is_refused(api: Api) -> None:
    token = (await _links(api))["continuationToken"]
    path = "/_apis/wit/reporting/workItemRevisions"
    assert error_of(await api.call("GET", path, params={"continuationToken": token}))[0] == 400


async def test_fields_can_be_chosen_by_post(api: Api) -> None:
    await api.create("Task", System__Description="<p>long</p>")
    path = "/_apis/wit/reporting/workItemRevisions"
    told = await api.ok("POST", path, json={"fields": ["System.Title"], "includeLatestOnly": True})
    assert [one["fields"] for one in told["values"]] == [{"System.Title": "made"}]
