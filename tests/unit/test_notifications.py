"""What is read out of a notification, over the documented samples and the forms that the record names."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.messages import Seen
from shared.notifications import azure_devops_notification, oneplan_notification
from shared.refusals import NotANotification

SAMPLES = Path(__file__).parent.parent / "data" / "service_hooks"
PARENT = {"rel": "System.LinkTypes.Hierarchy-Reverse", "url": "https://dev.azure.com/c/_apis/wit/workItems/17"}


def sample(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / f"{name}.json").read_text())


def updated(**resource: Any) -> dict[str, Any]:
    return {"eventType": "workitem.updated", "resource": {"id": 3, "workItemId": 5, **resource}}


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("workitem.created", "created"),
        ("workitem.deleted", "deleted"),
        ("workitem.restored", "restored"),
        ("workitem.commented", "commented"),
        ("onprem-2016.workitem.created", "created"),
        ("onprem-2016.workitem.commented", "commented"),
    ],
)
def test_documented_samples_name_their_item(name: str, event: str) -> None:
    found = azure_devops_notification(sample(name))
    assert (found.item, found.event) == (str(sample(name)["resource"]["id"]), event)


def test_the_test_button_names_no_item() -> None:
    assert azure_devops_notification(sample("workitem.updated")).item is None


def test_an_update_names_the_work_item_and_not_the_update() -> None:
    found = azure_devops_notification(updated(revision={"rev": 9, "relations": [PARENT]}))
    assert (found.item, found.seen) == ("5", Seen(rev=9, parent=17))


@pytest.mark.parametrize(
    ("resource", "parent"),
    [
        ({"revision": {"rev": 9}}, 0),
        ({"revision": {"rev": 9, "relations": []}}, 0),
        ({"revision": {"rev": 9}, "relations": {"added": [PARENT]}}, None),
        ({"revision": {"rev": 9, "relations": [PARENT]}, "relations": {"added": [PARENT]}}, 17),
        ({"revision": {"rev": 9, "relations": [{**PARENT, "rel": "System.LinkTypes.Hierarchy-Forward"}]}}, 0),
    ],
)
def test_the_parent_is_known_only_where_the_notification_shows_it(resource: dict[str, Any], parent: int | None) -> None:
    seen = azure_devops_notification(updated(**resource)).seen
    assert seen == Seen(rev=9, parent=parent)


def test_an_update_without_a_snapshot_has_seen_nothing() -> None:
    assert azure_devops_notification(updated()).seen is None


def test_letter_case_of_the_envelope_does_not_matter() -> None:
    body = {"EventType": "workitem.created", "Resource": {"Id": "12", "Rev": 1}}
    assert azure_devops_notification(body).item == "12"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ([], "the body"),
        ({}, "eventType"),
        ({"eventType": "build.complete", "resource": {"id": 1}}, "build.complete"),
        ({"eventType": "workitem.exploded", "resource": {"id": 1}}, "workitem.exploded"),
        ({"eventType": "workitem.created"}, "resource"),
        ({"eventType": "workitem.created", "resource": {"id": "x"}}, "resource.id"),
        ({"eventType": "workitem.updated", "resource": {"id": 4}}, "resource.workItemId"),
    ],
)
def test_what_is_no_notification_is_refused_by_name(body: Any, named: str) -> None:
    with pytest.raises(NotANotification, match=named):
        azure_devops_notification(body)


def test_a_oneplan_event_names_its_plan_in_lower_case_and_ignores_what_it_does_not_know() -> None:
    body = {"Id": "5F0C2E0A-0000-4000-8000-00000000ABCD", "Name": "x", "Extra": {"a": 1}}
    assert oneplan_notification(body).item == "5f0c2e0a-0000-4000-8000-00000000abcd"


@pytest.mark.parametrize("body", [{}, [], {"Id": 5}, {"Id": "not a guid"}, {"Name": "x"}])
def test_a_oneplan_event_without_a_guid_is_refused(body: Any) -> None:
    with pytest.raises(NotANotification):
        oneplan_notification(body)


def test_a_oneplan_event_with_the_zero_guid_names_no_plan() -> None:
    assert oneplan_notification({"Id": "00000000-0000-0000-0000-000000000000"}).item is None
