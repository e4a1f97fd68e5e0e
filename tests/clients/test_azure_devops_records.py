"""What is sent to Azure DevOps, and how its records are read."""

from datetime import date

import pytest

from shared.adapters.azure_devops.batches import Entry, ItemCreate, ItemUpdate
from shared.adapters.azure_devops.model import PARENT, Person, Relation, WorkItemRecord
from shared.adapters.azure_devops.patch import Patch, tags_of
from shared.adapters.azure_devops.projects import Node
from shared.adapters.azure_devops.subscriptions import Wanted
from shared.core.errors import Rejected, Stale, UnknownOutcome
from tests.clients.wire import Wire, ok, status

BASE = "https://dev.azure.com/contoso/_apis/wit/workItems"
RELATIONS = (
    Relation("Hyperlink", "https://my.oneplan.ai/plan/1", None, "Ours"),
    Relation(PARENT, f"{BASE}/3", 3),
    Relation("System.LinkTypes.Hierarchy-Forward", f"{BASE}/9", 9),
    Relation("Hyperlink", "https://my.oneplan.ai/plan/2", None, "Ours"),
)


def test_a_patch_tests_the_revision_first_whatever_was_asked_for_before() -> None:
    patch = Patch.at(5).set("System.Title", "New").set("System.Description", None).markdown("System.Description")
    assert patch.operations == [
        {"op": "test", "path": "/rev", "value": 5},
        {"op": "add", "path": "/fields/System.Title", "value": "New"},
        {"op": "remove", "path": "/fields/System.Description"},
        {"op": "add", "path": "/multilineFieldsFormat/System.Description", "value": "Markdown"},
    ]


def test_a_reparent_removes_and_adds_in_one_patch() -> None:
    assert Patch.at(5).parent(RELATIONS, f"{BASE}/4").operations == [
        {"op": "test", "path": "/rev", "value": 5},
        {"op": "remove", "path": "/relations/1"},
        {"op": "add", "path": "/relations/-", "value": {"rel": PARENT, "url": f"{BASE}/4"}},
    ]


def test_relations_are_removed_from_the_highest_index_down_in_whatever_order_they_were_asked_for() -> None:
    patch = Patch.at(5).parent(RELATIONS, None).only_hyperlink(RELATIONS, None, "Ours")
    paths = [operation["path"] for operation in patch.operations if operation["op"] == "remove"]
    assert paths == ["/relations/3", "/relations/1", "/relations/0"]


def test_a_patch_that_only_tests_is_empty() -> None:
    assert Patch.at(5).empty
    assert Patch().parent((), None).empty
    assert not Patch.at(5).set("System.Title", "A").empty


def test_a_patch_is_not_changed_by_what_is_made_of_it() -> None:
    first = Patch.at(5)
    first.set("System.Title", "A")
    assert first == Patch.at(5)


def test_tags_are_one_text_and_each_stands_once() -> None:
    assert Patch().tags(["a", " b ", "a", ""]).operations[0]["value"] == "a; b"
    assert Patch().tags([]).operations == [{"op": "replace", "path": "/fields/System.Tags", "value": ""}]
    assert tags_of("a; b;c ; ") == ("a", "b", "c")
    assert tags_of(None) == ()


def test_a_hyperlink_carries_its_comment() -> None:
    value = Patch().hyperlink("https://my.oneplan.ai/plan/1", "OnePlan").operations[0]["value"]
    assert value["rel"] == "Hyperlink"
    assert value["attributes"] == {"comment": "OnePlan"}


@pytest.mark.parametrize(
    ("raw", "name", "unique"),
    [
        ("Jamal Hartnett <jamal@contoso.com>", "Jamal Hartnett", "jamal@contoso.com"),
        ("Sam <Contractor> O'Neil <sam@partner.example>", "Sam <Contractor> O'Neil", "sam@partner.example"),
        ("Norman <CONTOSO\\norman>", "Norman", "CONTOSO\\norman"),
        ("Just A Name", "Just A Name", ""),
        ("Odd < Name", "Odd < Name", ""),
        ("王 秀英 <x@contoso.com>", "王 秀英", "x@contoso.com"),
        ({"displayName": "Jamal", "uniqueName": "j@c.com", "id": "1", "descriptor": "aad.x"}, "Jamal", "j@c.com"),
        ({"DisplayName": "Jamal", "UniqueName": "j@c.com"}, "Jamal", "j@c.com"),
        ({"displayName": "Jamal <j@c.com>", "uniqueName": "Jamal <j@c.com>"}, "Jamal", "j@c.com"),
        ({"displayName": "Service", "uniqueName": None}, "Service", ""),
    ],
)
def test_a_person_is_read_in_every_form(raw: object, name: str, unique: str) -> None:
    person = Person.of(raw)
    assert person is not None
    assert (person.display_name, person.unique_name) == (name, unique)


@pytest.mark.parametrize("raw", [None, "", "   "])
def test_nobody_is_no_person(raw: object) -> None:
    assert Person.of(raw) is None


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (f"{BASE}/12", 12),
        ("https://contoso.visualstudio.com/DefaultCollection/p/_apis/wit/workitems/12", 12),
        ("vstfs:///Git/Commit/a%2fb", None),
        (f"{BASE}/12/updates/3", None),
    ],
)
def test_a_relation_names_its_target_by_the_end_of_its_url(url: str, target: int | None) -> None:
    assert Relation.of({"rel": PARENT, "url": url}).target == target


def test_the_parent_is_that_of_the_relations_where_they_were_read() -> None:
    raw = {"id": 7, "fields": {"System.Parent": 2}, "relations": [{"rel": PARENT, "url": f"{BASE}/3"}]}
    assert WorkItemRecord.of(raw, with_relations=True).parent == 3
    assert WorkItemRecord.of(raw, with_relations=False).parent == 2
    assert WorkItemRecord.of({"id": 7, "fields": {}}, with_relations=False).parent is None


def test_a_large_text_is_html_unless_the_item_says_otherwise() -> None:
    raw = {"id": 7, "multilineFieldsFormat": {"System.Description": "markdown"}}
    item = WorkItemRecord.of(raw, with_relations=False)
    assert item.is_markdown("System.Description")
    assert not item.is_markdown("Microsoft.VSTS.TCM.ReproSteps")


def test_node_paths_are_those_of_the_fields_and_parents_come_first() -> None:
    raw = {
        "id": 1,
        "name": "Proj",
        "path": "\\Proj\\Iteration",
        "children": [
            {
                "id": 2,
                "name": "S1",
                "path": "\\Proj\\Iteration\\S1",
                "attributes": {"startDate": "2026-01-05T00:00:00Z", "finishDate": "2026-01-16T00:00:00Z"},
                "children": [{"id": 3, "name": "Week 1"}],
            }
        ],
    }
    nodes = list(Node.tree(raw))
    assert [node.path for node in nodes] == ["Proj", "Proj\\S1", "Proj\\S1\\Week 1"]
    assert (nodes[1].start, nodes[1].finish) == (date(2026, 1, 5), date(2026, 1, 16))
    assert nodes[2].start is None


async def test_a_batch_read_reports_what_is_missing_instead_of_nulls(wire: Wire) -> None:
    wire.then(ok({"count": 3, "value": [None, {"id": 2, "rev": 1, "fields": {}}, None]}))
    found = await wire.azure_devops().work_items.read([1, 2, 3], ["System.Title"])
    assert [item.id for item in found.items] == [2]
    assert found.missing == (1, 3)
    assert wire.body == {"ids": [1, 2, 3], "errorPolicy": "omit", "fields": ["System.Title"]}


async def test_fields_and_relations_are_never_asked_for_together(wire: Wire) -> None:
    wire.then(ok({"value": []}))
    await wire.azure_devops().work_items.read([1])
    assert wire.body == {"ids": [1], "errorPolicy": "omit", "$expand": "relations"}


async def test_more_than_a_batch_takes_is_a_mistake_of_the_caller(wire: Wire) -> None:
    with pytest.raises(ValueError, match="201 ids"):
        await wire.azure_devops().work_items.read(range(201))
    with pytest.raises(ValueError, match="201 writes"):
        await wire.azure_devops().batches.write([ItemUpdate(1, Patch())] * 201)


async def test_a_query_goes_on_after_the_last_id_of_a_full_page(wire: Wire) -> None:
    def page(*ids: int) -> dict[str, object]:
        return {"asOf": "2026-11-24T00:00:00Z", "workItems": [{"id": one} for one in ids]}

    wire.then(ok(page(3, 1, 2)), ok(page(7)))
    pages = [one async for one in wire.azure_devops().work_items.find("[System.State] = 'New'", page=3)]
    assert [one.ids for one in pages] == [(1, 2, 3), (7,)]
    assert pages[0].as_of == "2026-11-24T00:00:00Z"
    assert "WHERE ([System.State] = 'New') AND [System.Id] > 3 ORDER BY [System.Id]" in wire.body["query"]
    assert wire.last.url.params["$top"] == "3"
    assert wire.last.url.params["timePrecision"] == "true"


async def test_a_create_names_the_type_with_a_literal_dollar_and_patches(wire: Wire) -> None:
    wire.then(ok({"id": 7, "rev": 1}))
    await wire.azure_devops().work_items.create("My Project", "User Story", Patch().set("System.Title", "A"))
    assert wire.last.url.raw_path.startswith(b"/contoso/My%20Project/_apis/wit/workitems/$User%20Story?")
    assert wire.last.headers["Content-Type"] == "application/json-patch+json"


async def test_a_check_runs_the_rules_and_saves_nothing(wire: Wire) -> None:
    wire.then(ok({"id": -1, "rev": -1}))
    client = wire.azure_devops()
    await client.work_items.check_create("P", "Task", Patch().set("System.Title", "A"))
    await client.work_items.check_update(7, Patch.at(1))
    assert [request.url.params["validateOnly"] for request in wire.requests] == ["true", "true"]


async def test_a_batch_gives_each_write_its_own_outcome_in_order(wire: Wire) -> None:
    values = [
        {"code": 200, "headers": {}, "body": '{"id": 7, "rev": 3, "fields": {}}'},
        {"code": 412, "headers": {}, "body": '{"message": "VS403351: Test Operation failed"}'},
        {"code": 400, "headers": {}, "body": '{"message": "TF401320: Rule Error"}'},
    ]
    wire.then(ok({"count": 3, "value": values}))
    entries: list[Entry] = [
        ItemUpdate(7, Patch.at(2).hyperlink("https://my.oneplan.ai/1", "OnePlan")),
        ItemUpdate(8, Patch.at(1)),
        ItemCreate("My Project", "User Story", Patch().set("System.Title", "A")),
    ]
    outcomes = await wire.azure_devops().batches.write(entries)
    assert isinstance(outcomes[0], WorkItemRecord)
    assert outcomes[0].rev == 3
    assert isinstance(outcomes[1], Stale)
    assert isinstance(outcomes[2], Rejected)
    assert str(outcomes[2]).startswith("creating a User Story in My Project: ")
    assert [one["uri"] for one in wire.body] == [
        "/_apis/wit/workitems/7?api-version=7.1",
        "/_apis/wit/workitems/8?api-version=7.1",
        "/My%20Project/_apis/wit/workitems/$User%20Story?api-version=7.1",
    ]


async def test_a_batch_with_fewer_answers_than_writes_leaves_their_outcome_open(wire: Wire) -> None:
    wire.then(ok({"count": 0, "value": []}))
    with pytest.raises(UnknownOutcome):
        await wire.azure_devops().batches.write([ItemUpdate(7, Patch.at(2))])


async def test_projects_are_read_page_by_page(wire: Wire) -> None:
    full = [{"id": str(number), "name": f"P{number}", "state": "wellFormed"} for number in range(100)]
    wire.then(ok({"value": full}), ok({"value": full[:3]}))
    assert len(await wire.azure_devops().projects.read_all()) == 103
    assert [request.url.params["$skip"] for request in wire.requests] == ["0", "100"]


async def test_the_revision_feed_asks_in_its_body_and_goes_on_by_token(wire: Wire) -> None:
    row = {"id": 7, "rev": 4, "fields": {"System.Id": 7, "System.IsDeleted": True}}
    wire.then(ok({"values": [row], "continuationToken": "3;2;1", "isLastBatch": True}))
    page = await wire.azure_devops().feeds.revisions("794", ["System.Id"], since="2026-01-01T00:00:00Z")
    assert (page.token, page.last, page.rows[0].is_deleted) == ("3;2;1", True, True)
    assert wire.body == {"fields": ["System.Id"], "includeDeleted": True, "includeLatestOnly": True}
    assert dict(wire.last.url.params) == {"continuationToken": "794", "api-version": "7.1"}


@pytest.mark.parametrize(
    ("answer", "token"),
    [
        ({"values": [], "nextLink": "https://x.example/?continuationToken=12%3B3", "isLastBatch": False}, "12;3"),
        ({"values": [], "isLastBatch": True}, "9"),
    ],
)
async def test_the_token_of_the_link_feed_is_found_or_kept(wire: Wire, answer: object, token: str) -> None:
    wire.then(ok(answer))
    assert (await wire.azure_devops().feeds.links("9")).token == token


async def test_a_removed_link_is_told_from_a_new_one(wire: Wire) -> None:
    row = {"rel": "System.LinkTypes.Hierarchy", "sourceId": 1, "targetId": 2, "changedDate": "x", "isActive": False}
    wire.then(ok({"values": [row], "isLastBatch": True}))
    (link,) = (await wire.azure_devops().feeds.links(None, since="2026-01-01T00:00:00Z")).rows
    assert (link.source, link.target, link.active) == (1, 2, False)
    assert wire.last.url.params["startDateTime"] == "2026-01-01T00:00:00Z"


async def test_an_update_of_links_alone_has_its_own_id_and_no_fields(wire: Wire) -> None:
    raw = {"id": 13, "rev": 9, "revisedBy": None, "relations": {"added": [{"rel": PARENT, "url": f"{BASE}/3"}]}}
    wire.then(ok({"value": [raw]}))
    (update,) = [one async for one in wire.azure_devops().work_items.updates(7)]
    assert (update.id, update.rev, update.by, update.fields) == (13, 9, None, {})
    assert [one.target for one in update.added] == [3]


async def test_an_update_tells_added_and_cleared_values(wire: Wire) -> None:
    fields = {"System.Title": {"newValue": "A"}, "System.Tags": {"oldValue": "x"}}
    wire.then(ok({"value": [{"id": 1, "rev": 1, "fields": fields, "revisedBy": {"displayName": "J"}}]}))
    (update,) = [one async for one in wire.azure_devops().work_items.updates(7)]
    assert (update.fields["System.Title"].before, update.fields["System.Title"].after) == (None, "A")
    assert (update.fields["System.Tags"].before, update.fields["System.Tags"].after) == ("x", None)


async def test_comments_are_read_to_the_end_of_their_tokens(wire: Wire) -> None:
    first = {"comments": [{"id": 1, "version": 1, "text": "a", "format": "markdown"}], "continuationToken": "t"}
    wire.then(ok(first), ok({"comments": [{"id": 2, "version": 3, "text": "<b>b</b>", "isDeleted": True}]}))
    comments = [one async for one in wire.azure_devops().comments.read_all("P", 7, deleted=True)]
    assert [(one.id, one.version, one.format, one.deleted) for one in comments] == [
        (1, 1, "markdown", False),
        (2, 3, "html", True),
    ]
    assert wire.last.url.params["continuationToken"] == "t"
    assert wire.last.url.params["api-version"] == "7.1-preview.4"


async def test_a_subscription_is_asked_for_with_strings_only_and_version_1_0(wire: Wire) -> None:
    wire.then(ok({"id": "s1", "eventType": "workitem.updated", "status": "enabled"}))
    wanted = Wanted("updated", "https://app.example/api/hooks/azure-devops/a", "azure-devops", "hook-pw", project="p-1")
    assert (await wire.azure_devops().subscriptions.create(wanted)).sends
    assert wire.body["resourceVersion"] == "1.0"
    assert wire.body["publisherInputs"]["projectId"] == "p-1"
    inputs = {**wire.body["publisherInputs"], **wire.body["consumerInputs"]}
    assert all(isinstance(value, str) for value in inputs.values())
    assert inputs["linksChanged"] == ""


async def test_an_organization_wide_subscription_names_no_project(wire: Wire) -> None:
    wire.then(ok({"id": "s1"}))
    await wire.azure_devops().subscriptions.create(Wanted("created", "https://app.example", "u", "p"))
    assert "projectId" not in wire.body["publisherInputs"]
    assert "changedFields" not in wire.body["publisherInputs"]


async def test_a_replaced_subscription_is_enabled_and_gets_its_password_again(wire: Wire) -> None:
    wire.then(ok({"id": "s1", "status": "enabled"}))
    await wire.azure_devops().subscriptions.replace("s1", Wanted("created", "https://app.example", "u", "pw-again"))
    assert wire.last.method == "PUT"
    assert (wire.body["status"], wire.body["consumerInputs"]["basicAuthPassword"]) == ("enabled", "pw-again")


@pytest.mark.parametrize("state", ["onProbation", "disabledByUser", "disabledBySystem", "disabledByInactiveIdentity"])
async def test_a_subscription_that_loses_notifications_is_told(wire: Wire, state: str) -> None:
    wire.then(ok({"id": "s1", "eventType": "workitem.created", "status": state}))
    assert not (await wire.azure_devops().subscriptions.read("s1")).sends


async def test_only_hooks_on_work_items_are_listed(wire: Wire) -> None:
    hooks = [{"id": "a", "eventType": "git.push"}, {"id": "b", "eventType": "workitem.created"}]
    wire.then(ok({"count": 2, "value": hooks}))
    assert [one.id for one in await wire.azure_devops().subscriptions.read_all()] == ["b"]


async def test_a_permission_is_probed_without_saving_anything(wire: Wire) -> None:
    wire.then(ok({"id": -1}))
    probe = await wire.azure_devops().permissions.write_work_items("P", "Task")
    assert probe.granted
    assert wire.last.url.params["validateOnly"] == "true"


async def test_a_rule_that_refuses_the_probe_shows_that_writing_is_allowed(wire: Wire) -> None:
    wire.then(status(400, b'{"message": "TF401320: Rule Error for field X"}'))
    assert (await wire.azure_devops().permissions.write_work_items("P", "Task")).granted


@pytest.mark.parametrize("code", [401, 403, 404])
async def test_a_missing_scope_in_any_of_its_looks_fails_the_probe_and_says_why(wire: Wire, code: int) -> None:
    wire.then(status(code))
    permissions = wire.azure_devops().permissions
    for probe in (
        await permissions.read_people("a"),
        await permissions.read_work_items(),
        await permissions.write_work_items("P", "Task"),
        await permissions.manage_subscriptions(),
    ):
        assert not probe.granted
        assert probe.reason
