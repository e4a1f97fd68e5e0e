"""The connection's schema: what is taken, what is refused and how the error names it."""

import copy
import json
from typing import Any

import pytest

from shared.configuration import Connection, parse_connection
from shared.refusals import FieldError, InvalidInput

BODY: dict[str, Any] = {
    "name": "Contoso",
    "oneplan": {"group": "Contoso PMO", "keyName": "demo", "key": "the-oneplan-key"},
    "azureDevOps": {
        "url": "https://dev.azure.com/contoso",
        "patName": "sync",
        "pat": "the-pat",
        "patExpires": "2027-10-01",
    },
    "planLevelTypes": ["Epic", "Feature"],
    "taskTypes": ["User Story", "Task", "Bug"],
}


def with_member(path: str, value: Any) -> dict[str, Any]:
    body = copy.deepcopy(BODY)
    *parents, last = path.strip("/").split("/")
    target = body
    for part in parents:
        target = target.setdefault(part, {})
    target[last] = value
    return body


def errors_of(body: Any) -> tuple[FieldError, ...]:
    with pytest.raises(InvalidInput) as caught:
        parse_connection(body)
    return caught.value.errors


def test_the_defaults_are_those_of_the_contract() -> None:
    public = parse_connection(BODY).public()
    assert public["options"] == {
        "teamProjectAsParentPlan": False,
        "includeItemsWithoutIteration": False,
        "allowOnePlanEdits": True,
    }
    assert (public["conflictPolicy"], public["onWorkItemDelete"], public["onPlanDelete"]) == (
        "latest",
        "mark",
        "disconnect",
    )
    assert public["oneplan"]["url"] == "https://my.oneplan.ai"
    assert public["brake"] == {"share": 0.1, "items": 20}
    assert public["changeFeed"] == "auto"


def test_what_is_shown_can_be_read_again_and_holds_no_secret() -> None:
    public = parse_connection(BODY).public()
    assert Connection.model_validate(public).public() == public
    assert "the-oneplan-key" not in json.dumps(public)
    assert "the-pat" not in json.dumps(public)


def test_the_text_form_of_a_connection_holds_no_secret() -> None:
    shown = repr(parse_connection(BODY))
    assert "the-pat" not in shown
    assert "the-oneplan-key" not in shown


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/name", ""),
        ("/name", "a\u0000b"),
        ("/name", "x" * 256),
        ("/name", 5),
        ("/enabled", "perhaps"),
        ("/oneplan/group", None),
        ("/oneplan/url", "ftp://x"),
        ("/azureDevOps/patExpires", "tomorrow"),
        ("/planLevelTypes", []),
        ("/planLevelTypes", ["Epic", "epic"]),
        ("/taskTypes", "Task"),
        ("/options/teamProjectAsParentPlan", []),
        ("/brake/share", 0),
        ("/brake/items", -1),
        ("/schedule/fullAt", "25:00"),
        ("/schedule/timeZone", "Mars/Olympus"),
        ("/schedule/incrementalMinutes", 0),
        ("/retentionDays", 0),
    ],
)
def test_a_wrong_member_is_named_by_its_pointer(path: str, value: Any) -> None:
    assert [error.path for error in errors_of(with_member(path, value))] == [path]


@pytest.mark.parametrize("path", ["/conflictPolicy", "/onWorkItemDelete", "/onPlanDelete", "/changeFeed"])
def test_a_wrong_choice_names_what_is_allowed(path: str) -> None:
    (error,) = errors_of(with_member(path, "nonsense"))
    assert error.path == path
    assert len(error.allowed) >= 2


def test_an_unknown_member_is_refused() -> None:
    (error,) = errors_of(with_member("/scope/teams", []))
    assert error == FieldError("/scope/teams", "is no member of a connection")


def test_missing_secrets_are_named_together() -> None:
    body = with_member("/oneplan/key", None)
    del body["azureDevOps"]["pat"]
    assert [error.path for error in errors_of(body)] == ["/oneplan/key", "/azureDevOps/pat"]


def test_a_type_in_both_lists_is_refused_and_named() -> None:
    (error,) = errors_of(with_member("/taskTypes", ["feature"]))
    assert "'Feature'" in error.message


def test_the_value_is_never_repeated_since_it_may_be_a_secret() -> None:
    errors = errors_of(with_member("/azureDevOps/pat", "secret\u0001value"))
    assert "secret" not in str([vars(error) if hasattr(error, "__dict__") else repr(error) for error in errors])
