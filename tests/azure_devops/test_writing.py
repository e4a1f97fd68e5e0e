"""Creating and updating with JSON Patch (section 6)."""

from typing import Any

import pytest

from local.azure_devops.world import World
from tests.azure_devops.api import PATCH, Api, error_of, setting, testing


async def test_a_create_answers_200_with_revision_1_and_the_defaults(api: Api) -> None:
    made = await api.create("User%20Story", System__AssignedTo="bob@tiny.test")
    fields = made["fields"]
    assert (made["rev"], fields["System.State"], fields["System.AreaPath"]) == (1, "New", "Alpha")
    assert fields["System.AssignedTo"]["displayName"] == "Bob <Bo> Ray"
    assert fields["System.CreatedBy"]["uniqueName"] == "ann@tiny.test"


async def test_a_patch_as_plain_json_is_415_unless_switched(api: Api) -> None:
    body = setting({"System.Title": "x"})
    path = "/Alpha/_apis/wit/workitems/$Task"
    assert (await api.call("POST", path, json=body)).status_code == 415
    await api.switch(media_type_refused=False)
    assert (await api.call("POST", path, json=body)).status_code == 200


async def test_an_unknown_type_is_not_found(api: Api) -> None:
    answer = await api.call("POST", "/Alpha/_apis/wit/workitems/$Nothing", json=setting({"a": 1}), headers=PATCH)
    assert error_of(answer)[2] == "VS402323"


async def test_a_failed_test_of_rev_is_412_and_changes_nothing(api: Api) -> None:
    made = await api.create()
    answer = await api.patch(made["id"], *setting({"System.Title": "x"}), testing(7))
    assert error_of(answer) == (412, "TestPatchOperationFailedException", "VS403351")
    assert answer.json()["message"].endswith("path /rev failed, value 1 was not equal to test value 7.")
    assert (await api.get(made["id"]))["fields"]["System.Title"] == "made"


async def test_a_test_of_the_right_rev_lets_the_patch_through(api: Api) -> None:
    made = await api.create()
    answer = await api.patch(made["id"], testing(1), *setting({"System.Title": "x"}))
    assert (answer.status_code, answer.json()["rev"]) == (200, 2)


@pytest.mark.parametrize("status", ["409", "412"])
async def test_a_lost_race_is_tf26071(api: Api, status: str) -> None:
    made = await api.create()
    await api.switch(lost_race=status)
    answer = await api.patch(made["id"], *setting({"System.Title": "x"}))
    assert error_of(answer) == (int(status), "WorkItemRevisionMismatchException", "TF26071")


@pytest.mark.parametrize(
    ("field", "value", "flag"),
    [
        ("System.Title", "", "required"),
        ("System.Title", "x" * 256, "invalidTooLong"),
        ("System.Title", "two\nlines", "invalidCharacters"),
        ("System.State", "Nowhere", "invalidListValue"),
        ("System.AssignedTo", "nobody", "invalidIdentity"),
        ("System.AssignedTo", "Ann Ode", "invalidIdentity"),
        ("System.Parent", 1, "readOnly"),
        ("System.CreatedDate", "2020-01-01T00:00:00Z", "readOnly"),
        ("System.Rev", 9, "readOnly"),
        ("Microsoft.VSTS.Common.Priority", 9, "invalidListValue"),
        ("Microsoft.VSTS.Scheduling.StartDate", "soon", "invalidDate"),
        ("Microsoft.VSTS.Scheduling.StoryPoints", "many", "invalidType"),
    ],
)
async def test_a_value_that_a_rule_refuses_names_field_and_flag(api: Api, field: str, value: Any, flag: str) -> None:
    made = await api.create("User Story")
    answer = await api.patch(made["id"], *setting({field: value}))
    assert error_of(answer) == (400, "RuleValidationException", "TF401320")
    error = answer.json()["customProperties"]["RuleValidationErrors"][0]
    assert error["fieldReferenceName"] == field
    assert flag in error["fieldStatusFlags"]


@pytest.mark.parametrize("field", ["System.AreaPath", "System.IterationPath"])
async def test_a_path_that_is_not_there_is_tf401347(api: Api, field: str) -> None:
    made = await api.create()
    answer = await api.patch(made["id"], *setting({field: "Alpha\\Nowhere"}))
    assert error_of(answer)[2] == "TF401347"


@pytest.mark.parametrize(
    "value", ["bob@tiny.test", "Bob <Bo> Ray <bob@tiny.test>", "Bob <Bo> Ray", {"uniqueName": "bob@tiny.test"}]
)
async def test_a_person_is_named_in_several_ways(api: Api, value: Any) -> None:
    made = await api.create(System__AssignedTo=value)
    assert made["fields"]["System.AssignedTo"]["uniqueName"] == "bob@tiny.test"


async def test_a_state_brings_its_reason_along(api: Api) -> None:
    made = await api.create()
    answer = await api.patch(made["id"], *setting({"System.State": "Active"}))
    assert answer.json()["fields"]["System.Reason"] == "Moved to state Active"


async def test_validate_only_runs_the_rules_and_saves_nothing(api: Api, world: World) -> None:
    made = await api.create()
    only = {"validateOnly": "true"}
    answer = await api.patch(made["id"], *setting({"System.Title": "x"}), params=only)
    assert (answer.json()["rev"], answer.json()["fields"]["System.Title"]) == (1, "x")
    assert (await api.patch(made["id"], *setting({"System.Title": ""}), params=only)).status_code == 400
    path = "/Alpha/_apis/wit/workitems/$Task"
    new = await api.call("POST", path, json=setting({"System.Title": "y"}), headers=PATCH, params=only)
    assert new.status_code == 200
    assert [one.now.fields["System.Title"] for one in world.organization.items.values()] == ["made"]
    assert world.organization.next_id == made["id"] + 1


async def test_bypass_rules_lets_authors_and_dates_through_but_not_backwards(api: Api) -> None:
    made = await api.create()
    bypass = {"bypassRules": "true"}
    old = setting({"System.ChangedDate": "2001-01-01T00:00:00Z"})
    assert error_of(await api.patch(made["id"], *old, params=bypass))[2] == "VS402625"
    named = setting({"System.CreatedBy": "bob@tiny.test", "System.State": "Nowhere"})
    fields = (await api.patch(made["id"], *named, params=bypass)).json()["fields"]
    assert (fields["System.CreatedBy"]["uniqueName"], fields["System.State"]) == ("bob@tiny.test", "Nowhere")


async def test_bypass_rules_needs_its_permission(api: Api) -> None:
    made = await api.create()
    patch = setting({"System.Title": "x"})
    answer = await api.patch(made["id"], *patch, pat="write-pat", params={"bypassRules": "true"})
    assert answer.status_code == 403


async def test_html_is_sanitised_unless_switched(api: Api) -> None:
    sent = "<div onclick='x'>a&#38;b<script>no</script>\u00a0c</div>"
    made = await api.create(System__Description=sent)
    assert made["fields"]["System.Description"] == "<div>a&amp;b&nbsp;c</div>"
    await api.switch(html_sanitised=False)
    assert (await api.create(System__Description=sent))["fields"]["System.Description"] == sent


async def test_markdown_is_kept_as_sent_and_named_in_the_format_map(api: Api) -> None:
    made = await api.create()
    markdown = {"op": "add", "path": "/multilineFieldsFormat/System.Description", "value": "Markdown"}
    answer = await api.patch(made["id"], *setting({"System.Description": "a < b & **c**"}), markdown)
    assert answer.json()["fields"]["System.Description"] == "a < b & **c**"
    assert answer.json()["multilineFieldsFormat"] == {"System.Description": "markdown"}


async def test_tags_are_one_set_which_add_enlarges_and_replace_sets(api: Api) -> None:
    made = await api.create(System__Tags="b; A; a")
    assert made["fields"]["System.Tags"] == "A; b"
    assert (await api.patch(made["id"], *setting({"System.Tags": "c"}))).json()["fields"]["System.Tags"] == "A; b; c"
    whole = {"op": "replace", "path": "/fields/System.Tags", "value": "z"}
    assert (await api.patch(made["id"], whole)).json()["fields"]["System.Tags"] == "z"
    await api.switch(tags_add="sets")
    assert (await api.patch(made["id"], *setting({"System.Tags": "y"}))).json()["fields"]["System.Tags"] == "y"


async def test_remove_clears_a_field(api: Api) -> None:
    made = await api.create(System__Description="x")
    answer = await api.patch(made["id"], {"op": "remove", "path": "/fields/System.Description"})
    assert "System.Description" not in answer.json()["fields"]


async def test_a_patch_that_changes_nothing_makes_no_revision(api: Api) -> None:
    made = await api.create()
    assert (await api.patch(made["id"], *setting({"System.Title": "made"}))).json()["rev"] == 1


async def test_an_item_moves_to_another_project_and_keeps_its_id(api: Api) -> None:
    made = await api.create(System__AreaPath="Alpha\\Web")
    answer = await api.patch(made["id"], *setting({"System.TeamProject": "Beta", "System.State": "To Do"}))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["id"], answer.json()["fields"]["System.AreaPath"]) == (made["id"], "Beta")
    assert (await api.call("GET", f"/Beta/_apis/wit/workitems/{made['id']}")).status_code == 200


@pytest.mark.parametrize("body", [{}, [], [{"op": "add"}], [{"op": "copy", "path": "/fields/System.Title"}]])
async def test_what_is_no_patch_document_is_400(api: Api, body: Any) -> None:
    made = await api.create()
    answer = await api.call("PATCH", f"/_apis/wit/workitems/{made['id']}", json=body, headers=PATCH)
    assert answer.status_code == 400


async def test_history_is_a_comment(api: Api, world: World) -> None:
    made = await api.create()
    await api.patch(made["id"], *setting({"System.History": "hello"}))
    item = world.organization.items[made["id"]]
    assert [one.text for one in item.comments] == ["hello"]
    assert (item.now.rev, item.now.fields["System.CommentCount"]) == (2, 1)
    assert "System.History" not in item.now.fields
