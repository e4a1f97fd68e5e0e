"""The control route `act`: edits as a person makes them."""

from typing import Any

import pytest

from tests.azure_devops.api import PARENT, Api


async def _act(api: Api, **body: Any) -> dict[str, Any]:
    answer = await api.http.post("/__control/act", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_person_creates_updates_reparents_deletes_and_restores(api: Api) -> None:
    feature = await _act(api, act="create", project="Alpha", type="Feature", fields={"System.Title": "F"})
    story = await _act(
        api, act="create", project="Alpha", type="User Story", fields={"System.Title": "S"}, parent=feature["id"]
    )
    id_ = story["id"]
    await _act(api, act="update", id=id_, fields={"System.Title": "T", "System.Tags": "red"}, by="bob@tiny.test")
    shown = (await api.get(id_, expand="relations"))["fields"]
    assert (shown["System.Title"], shown["System.ChangedBy"]["uniqueName"]) == ("T", "bob@tiny.test")
    assert (await _act(api, act="reparent", id=id_, parent=None)).get("relations", []) == []
    moved = await _act(api, act="reparent", id=id_, parent=feature["id"])
    assert [one["rel"] for one in moved["relations"]] == [PARENT]
    await _act(api, act="delete", id=id_)
    assert (await api.call("GET", f"/_apis/wit/workitems/{id_}")).status_code == 404
    await _act(api, act="restore", id=id_)
    assert (await api.get(id_))["fields"]["System.Title"] == "T"
    await _act(api, act="comment", id=id_, text="hello")
    assert (await api.get(id_))["fields"]["System.CommentCount"] == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"act": "explode"}, "none of create"),
        ({"act": "update"}, "id: is missing"),
        ({"act": "update", "id": 99, "fields": {}}, "no work item 99"),
        ({"act": "create", "project": "Nowhere", "type": "Task", "fields": {}}, "no 'Nowhere'"),
        ({"act": "create", "project": "Alpha", "type": "Task", "fields": {"System.Title": ""}}, "400"),
        ({"act": "create", "project": "Alpha", "type": "Task", "fields": {}, "by": "nobody"}, "nobody is called"),
    ],
)
async def test_an_act_that_cannot_be_done_says_why(api: Api, body: dict[str, Any], said: str) -> None:
    answer = await api.http.post("/__control/act", json=body)
    assert (answer.status_code, said in answer.json()["message"]) == (400, True)


async def test_the_state_shows_everything_but_secrets(api: Api) -> None:
    await _act(api, act="create", project="Alpha", type="Task", fields={"System.Title": "F"})
    state = (await api.http.get("/__control/state")).json()
    assert [one["fields"]["System.Title"] for one in state["items"]] == ["F"]
    assert '"pat"' not in (await api.http.get("/__control/state")).text


async def test_reset_counts_from_zero_and_forgets_the_faults(api: Api) -> None:
    await api.switch(tags_add="sets")
    await api.http.post("/__control/reset", json={})
    assert (await api.http.get("/__control/calls")).json()["total"] == 0
    switches = (await api.http.get("/__control/faults")).json()["switches"]
    assert switches["tags_add"]["position"] == "merges"
