"""Projects, nodes, people and tags as the REST API shows them."""

import httpx
import pytest

from local.azure_devops.seed import people, projects
from tests.azure_devops_seed.seeded import values

AREAS = f"/{projects.AGILE}/_apis/wit/classificationnodes/Areas"
ITERATIONS = f"/{projects.AGILE}/_apis/wit/classificationnodes/Iterations"


async def test_projects_come_in_pages_with_a_token_in_a_header(api: httpx.AsyncClient) -> None:
    first = await api.get("/_apis/projects?$top=4")
    token = first.headers["x-ms-continuationtoken"]
    second = await api.get(f"/_apis/projects?$top=4&continuationToken={token}")
    names = [one["name"] for page in (first, second) for one in page.json()["value"]]
    assert sorted(names) == sorted(
        [
            projects.AGILE,
            projects.SCRUM,
            projects.BASIC,
            projects.CMMI,
            projects.INHERITED,
            projects.EMPTY,
        ]
    )
    assert "x-ms-continuationtoken" not in second.headers


async def test_an_unknown_project_is_answered_as_recorded(api: httpx.AsyncClient) -> None:
    answer = await api.get("/Nowhere/_apis/wit/workitemtypes")
    assert answer.status_code == 404
    assert answer.json()["typeKey"] == "ProjectDoesNotExistWithNameException"
    assert answer.json()["message"].startswith("TF200016: The following project does not exist: Nowhere.")


async def test_a_project_is_found_by_name_and_id_in_any_letter_case(api: httpx.AsyncClient) -> None:
    by_name = (await api.get(f"/_apis/projects/{projects.CMMI.upper()}")).json()
    by_id = (await api.get(f"/_apis/projects/{by_name['id'].upper()}")).json()
    assert by_id == by_name


async def test_node_paths_have_a_segment_that_fields_have_not(api: httpx.AsyncClient) -> None:
    node = (await api.get(f"{ITERATIONS}/Release 1/Sprint 101")).json()
    assert node["path"] == f"\\{projects.AGILE}\\Iteration\\Release 1\\Sprint 101"
    assert node["url"].endswith("/_apis/wit/classificationNodes/Iterations/Release%201/Sprint%20101")
    assert node["attributes"]["startDate"].endswith("T00:00:00Z")


async def test_nodes_without_dates_have_no_attributes(api: httpx.AsyncClient) -> None:
    assert "attributes" not in (await api.get(f"{ITERATIONS}/Later/Someday")).json()


async def test_depth_says_how_far_children_are_shown(api: httpx.AsyncClient) -> None:
    flat = (await api.get(AREAS)).json()
    deep = (await api.get(f"{AREAS}?$depth=2")).json()
    assert flat["hasChildren"]
    assert "children" not in flat
    grandchildren = [one["name"] for child in deep["children"] for one in child.get("children", [])]
    assert grandchildren == ["Checkout", "Search"]


async def test_a_missing_node_fails_all_or_leaves_a_null(api: httpx.AsyncClient) -> None:
    root = (await api.get(AREAS)).json()["id"]
    path = f"/{projects.AGILE}/_apis/wit/classificationnodes?ids={root},999999"
    assert (await api.get(path)).status_code == 404
    omitted = (await api.get(f"{path}&errorPolicy=omit")).json()
    assert omitted["count"] == 2
    assert omitted["value"][1] is None


async def test_a_node_is_created_renamed_moved_and_deleted(fresh: httpx.AsyncClient) -> None:
    dates = {"startDate": "2026-11-02T00:00:00Z", "finishDate": "2026-11-15T00:00:00Z"}
    made = await fresh.post(ITERATIONS, json={"name": "Extra", "attributes": dates})
    assert made.status_code == 201
    assert made.json()["attributes"] == dates
    renamed = await fresh.patch(f"{ITERATIONS}/Extra", json={"name": "Extra time"})
    assert renamed.json()["path"] == f"\\{projects.AGILE}\\Iteration\\Extra time"
    moved = await fresh.post(f"{ITERATIONS}/Later", json={"id": made.json()["id"]})
    assert moved.status_code == 200
    assert moved.json()["path"] == f"\\{projects.AGILE}\\Iteration\\Later\\Extra time"
    assert (await fresh.delete(f"{ITERATIONS}/Later/Extra time")).status_code == 204
    assert (await fresh.get(f"{ITERATIONS}/Later/Extra time")).status_code == 404


async def test_two_children_of_one_name_are_refused(fresh: httpx.AsyncClient) -> None:
    assert (await fresh.post(ITERATIONS, json={"name": "release 1"})).status_code == 409


async def test_a_used_node_is_deleted_only_with_a_node_for_its_items(fresh: httpx.AsyncClient) -> None:
    root = (await fresh.get(ITERATIONS)).json()["id"]
    assert (await fresh.delete(f"{ITERATIONS}/Release 1")).status_code == 400
    assert (await fresh.delete(f"{ITERATIONS}/Release 1?$reclassifyId={root}")).status_code == 204


@pytest.mark.parametrize(
    ("search_filter", "value", "found"),
    [
        ("MailAddress", "PMO@contoso.com", [people.PMO]),
        ("DisplayName", "alex kim", [people.SAME_NAME_1, people.SAME_NAME_2]),
        ("AccountName", "CONTOSO\\ddomaene", [people.DOMAIN_USER]),
        ("DirectoryAlias", "zofie", [people.UNICODE]),
        ("General", "Sam <Contractor> O'Neil", [people.ANGLE_BRACKETS]),
        ("General", "nobody@contoso.com", []),
        ("MailAddress", "", []),
    ],
)
async def test_identities_are_found_by_each_filter(
    api: httpx.AsyncClient, search_filter: str, value: str, found: list[people.Identity]
) -> None:
    answer = await api.get("/_apis/identities", params={"searchFilter": search_filter, "filterValue": value})
    assert [one["id"] for one in answer.json()["value"]] == [who.id for who in found]


async def test_an_identity_asked_for_by_id_and_not_there_is_null(api: httpx.AsyncClient) -> None:
    ids = f"{people.PMO.id.replace('-', '')},00000000-0000-0000-0000-000000000000"
    found = await values(api, f"/_apis/identities?identityIds={ids}")
    assert [one and one["id"] for one in found] == [people.PMO.id, None]


async def test_properties_of_an_identity_are_pairs_of_type_and_value(api: httpx.AsyncClient) -> None:
    (found,) = await values(api, f"/_apis/identities?identityIds={people.DOMAIN_MAIL.id}")
    assert found["properties"]["Domain"] == {"$type": "System.String", "$value": "CONTOSO"}
    assert found["properties"]["Mail"]["$value"] == "ingrid.intern@contoso.com"


async def test_every_graph_user_is_met_once_over_all_pages(api: httpx.AsyncClient) -> None:
    met: list[str] = []
    token = ""
    while True:
        page = await api.get("/_apis/graph/users", params={"continuationToken": token} if token else {})
        met += [one["descriptor"] for one in page.json()["value"]]
        token = page.headers.get("x-ms-continuationtoken", "")
        if not token:
            break
    assert sorted(met) == sorted(who.descriptor for who in people.identities())


async def test_a_subject_query_finds_people_by_the_start_of_their_name(api: httpx.AsyncClient) -> None:
    body = {"query": "alex", "subjectKind": ["User"]}
    answer = await api.post("/_apis/graph/subjectquery", json=body)
    assert [one["displayName"] for one in answer.json()["value"]] == ["Alex Kim", "Alex Kim"]


async def test_connection_data_says_who_asks(api: httpx.AsyncClient) -> None:
    body = (await api.get("/_apis/connectionData", params={"api-version": "7.1-preview.1"})).json()
    assert body["authenticatedUser"]["id"] == people.ADMIN.id
    assert body["deploymentType"] == "hosted"


async def test_the_profile_is_ones_own(api: httpx.AsyncClient) -> None:
    assert (await api.get("/_apis/profile/profiles/me")).json()["emailAddress"] == people.ADMIN.mail
    assert (await api.get(f"/_apis/profile/profiles/{people.PMO.id}")).status_code == 404


async def test_tags_are_those_that_the_projects_items_carry(fresh: httpx.AsyncClient) -> None:
    path = f"/{projects.AGILE}/_apis/wit/tags"
    names = [one["name"] for one in await values(fresh, path)]
    assert "tag-001" in names
    renamed = await fresh.patch(f"{path}/tag-001", json={"name": "first"})
    assert renamed.json()["name"] == "first"
    assert (await fresh.delete(f"{path}/tag-002")).status_code == 200
    after = [one["name"] for one in await values(fresh, path)]
    assert set(names) - set(after) == {"tag-001", "tag-002"}


async def test_relation_types_name_their_opposite(api: httpx.AsyncClient) -> None:
    found = {one["referenceName"]: one for one in await values(api, "/_apis/wit/workitemrelationtypes")}
    for name, one in found.items():
        opposite = one["attributes"].get("oppositeEndReferenceName")
        assert opposite is None or found[opposite]["attributes"]["oppositeEndReferenceName"] == name
    assert found["System.LinkTypes.Hierarchy-Reverse"]["attributes"]["topology"] == "tree"


async def test_team_settings_name_areas_iterations_and_bugs(api: httpx.AsyncClient) -> None:
    team = f"/{projects.AGILE}/Checkout/_apis/work/teamsettings"
    assert (await api.get(team)).json()["bugsBehavior"] == "asTasks"
    areas = (await api.get(f"{team}/teamfieldvalues")).json()
    assert areas["values"] == [{"value": f"{projects.AGILE}\\Web & Mobile\\Checkout", "includeChildren": True}]
    iterations = await values(api, f"{team}/iterations")
    assert len(iterations) == 8
    one = (await api.get(f"{team}/iterations/{iterations[0]['id']}")).json()
    assert one["path"] == f"{projects.AGILE}\\Release 1\\Sprint 101"


@pytest.mark.parametrize("content", [b"", b"[]", b"{"])
async def test_a_body_that_is_no_object_is_refused(api: httpx.AsyncClient, content: bytes) -> None:
    for path in ("/_apis/graph/subjectquery", ITERATIONS):
        answer = await api.post(path, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400, path
