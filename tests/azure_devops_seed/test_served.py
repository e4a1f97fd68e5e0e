"""The seeded work items as the stand-in serves them."""

import httpx

from local.azure_devops.model import Organization


def one_of(contoso: Organization, name: str) -> int:
    return next(id_ for id_, names in contoso.oddities.items() if name in names)


async def test_a_busy_item_is_served_with_its_56_relations(api: httpx.AsyncClient, contoso: Organization) -> None:
    path = f"/_apis/wit/workitems/{one_of(contoso, '56-relations')}"
    assert len((await api.get(path, params={"$expand": "relations"})).json()["relations"]) == 56


async def test_markdown_is_told_by_the_format(api: httpx.AsyncClient, contoso: Organization) -> None:
    answer = await api.get(f"/_apis/wit/workitems/{one_of(contoso, 'description-markdown')}")
    assert "markdown" in answer.json()["multilineFieldsFormat"].values()


async def test_deleted_and_unreadable_items_are_not_found(api: httpx.AsyncClient, contoso: Organization) -> None:
    for name in ("deleted", "unreadable"):
        answer = await api.get(f"/_apis/wit/workitems/{one_of(contoso, name)}")
        assert answer.status_code == 404
        assert answer.json()["message"].startswith("TF401232")


async def test_a_query_finds_every_item_that_may_be_read(api: httpx.AsyncClient, contoso: Organization) -> None:
    query = {"query": "SELECT [System.Id] FROM WorkItems"}
    body = (await api.post("/_apis/wit/wiql", json=query)).json()
    live = {item.id for item in contoso.items.values() if not item.deleted}
    assert {one["id"] for one in body["workItems"]} == live - contoso.unreadable


async def test_the_child_of_a_deleted_parent_has_none(api: httpx.AsyncClient, contoso: Organization) -> None:
    path = f"/_apis/wit/workitems/{one_of(contoso, 'deleted-parent')}"
    body = (await api.get(path, params={"$expand": "all"})).json()
    assert "System.Parent" not in body["fields"]
    assert "relations" not in body


async def test_the_control_route_tells_what_is_odd(api: httpx.AsyncClient, contoso: Organization) -> None:
    state = (await api.get("http://stand-in/__control/state")).json()
    assert state["oddities"] == {str(id_): names for id_, names in contoso.oddities.items()}
    assert state["expectedFailures"] == {}
