"""WIQL: the part of the language that a sync needs, and errors for the rest (section 5)."""

import pytest

from local.azure_devops import wiql
from tests.azure_devops.api import CHILD, PARENT, Api, adding, error_of

HIERARCHY = "[System.Links.LinkType] = 'System.LinkTypes.Hierarchy-Forward'"


@pytest.fixture
async def made(api: Api) -> list[int]:
    """An epic, a feature below it, a task below that, and a task alone, in Alpha."""
    epic = await api.create("Epic", System__Title="An Epic")
    feature = await api.create("Feature", epic["id"], System__Title="A Feature", System__Tags="red; blue")
    task = await api.create("Task", feature["id"], System__Title="A Task")
    alone = await api.create("Task", System__Title="It's alone", System__AssignedTo="bob@tiny.test")
    return [epic["id"], feature["id"], task["id"], alone["id"]]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("[System.TeamProject] = 'alpha'", [0, 1, 2, 3]),
        ("[System.TeamProject] IN ('Beta')", []),
        ("[System.WorkItemType] IN ('Epic', 'Feature')", [0, 1]),
        ("[System.WorkItemType] <> 'Task'", [0, 1]),
        ("[System.WorkItemType] NOT IN ('Epic', 'Task')", [1]),
        ("[System.Title] = 'It''s alone'", [3]),
        ("[System.Title] CONTAINS 'alone'", [3]),
        ("[System.Tags] CONTAINS 'blue'", [1]),
        ("[System.AreaPath] UNDER 'Alpha'", [0, 1, 2, 3]),
        ("[System.AreaPath] NOT UNDER 'Alpha'", []),
        ("[System.Id] > 1 AND ([System.Id] < 3 OR [System.Id] = 4)", [1, 3]),
        ("NOT [System.WorkItemType] = 'Task'", [0, 1]),
        ("[System.ChangedDate] >= @today - 1", [0, 1, 2, 3]),
        ("[System.AssignedTo] = ''", [0, 1, 2]),
    ],
)
async def test_a_condition_finds(api: Api, made: list[int], where: str, found: list[int]) -> None:
    assert await api.found(where) == [made[place] for place in found]


async def test_the_order_asked_for_is_kept(api: Api, made: list[int]) -> None:
    query = "SELECT [System.Id] FROM WorkItems ORDER BY [System.Id] DESC"
    assert [one["id"] for one in (await api.wiql(query))["workItems"]] == made[::-1]


async def test_a_recursive_query_tells_the_tree(api: Api, made: list[int]) -> None:
    query = (
        "SELECT [System.Id] FROM WorkItemLinks WHERE [Source].[System.WorkItemType] <> 'Bug' "
        f"AND {HIERARCHY} MODE (Recursive)"
    )
    rows = (await api.wiql(query))["workItemRelations"]
    edges = {((one["source"] or {}).get("id"), one["target"]["id"], one["rel"]) for one in rows}
    epic, feature, task, alone = made
    assert edges == {(None, epic, None), (epic, feature, CHILD), (feature, task, CHILD), (None, alone, None)}


@pytest.mark.parametrize("mode", ["MustContain", "MayContain", "DoesNotContain"])
async def test_one_step_queries_follow_their_mode(api: Api, made: list[int], mode: str) -> None:
    query = (
        "SELECT [System.Id] FROM WorkItemLinks WHERE [Source].[System.WorkItemType] = 'Feature' "
        f"AND {HIERARCHY} AND [Target].[System.WorkItemType] = 'Task' MODE ({mode})"
    )
    rows = (await api.wiql(query))["workItemRelations"]
    feature, task = made[1], made[2]
    root, edge = (None, feature), (feature, task)
    expected = {"MustContain": {root, edge}, "MayContain": {root, edge}, "DoesNotContain": set()}[mode]
    assert {((one["source"] or {}).get("id"), one["target"]["id"]) for one in rows} == expected


async def test_more_than_the_limit_is_refused_unless_the_top_is_asked_for(
    api: Api, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiql, "RESULT_LIMIT", 3)
    query = {"json": {"query": "SELECT [System.Id] FROM WorkItems"}}
    status, _, code = error_of(await api.call("POST", "/_apis/wit/wiql", **query))
    assert (status, code) == (400, "VS402337")
    top = await api.ok("POST", "/_apis/wit/wiql", params={"$top": "2"}, **query)
    assert len(top["workItems"]) == 2


@pytest.mark.parametrize(
    "query",
    [
        "",
        "SELECT",
        "SELECT [System.Id] FROM Somewhere",
        "SELECT [System.Id] FROM WorkItems WHERE [No.Such] = 1",
        "SELECT [System.Id] FROM WorkItems WHERE [System.Id] LIKE 1",
        "SELECT [System.Id] FROM WorkItems WHERE ([System.Id] = 1",
        "SELECT [System.Id] FROM WorkItems WHERE [System.Id] = 'one'",
    ],
)
async def test_a_query_that_makes_no_sense_is_400(api: Api, query: str) -> None:
    answer = await api.call("POST", "/_apis/wit/wiql", json={"query": query})
    assert answer.status_code == 400, answer.text


async def test_a_time_is_refused_without_its_parameter_unless_switched(api: Api, made: list[int]) -> None:
    query = "SELECT [System.Id] FROM WorkItems WHERE [System.ChangedDate] >= '2020-01-01T10:00:00Z'"
    assert (await api.call("POST", "/_apis/wit/wiql", json={"query": query})).status_code == 400
    precise = await api.wiql(query, params={"timePrecision": "true"})
    assert [one["id"] for one in precise["workItems"]] == made
    await api.switch(date_time_refused=False)
    assert len((await api.wiql(query))["workItems"]) == 4


async def test_deleted_items_are_not_found(api: Api, made: list[int]) -> None:
    await api.ok("DELETE", f"/_apis/wit/workitems/{made[3]}")
    assert await api.found("[System.Id] > 0") == made[:3]


async def test_a_moved_item_is_found_below_its_new_parent(api: Api, made: list[int]) -> None:
    await api.patch(made[3], adding(PARENT, made[1]))
    assert await api.found(f"[System.Parent] = {made[1]}") == made[2:]
