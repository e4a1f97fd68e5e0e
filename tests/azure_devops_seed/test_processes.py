"""What the stand-in tells of processes and levels: the order that a connection's plan levels must have."""

import httpx
import pytest

from local.azure_devops.seed import processes, projects
from tests.azure_devops_seed.seeded import values

LEVELS = {
    projects.AGILE: ["Task", "User Story", "Feature", "Epic"],
    projects.SCRUM: ["Task", "Product Backlog Item", "Feature", "Epic"],
    projects.CMMI: ["Task", "Requirement", "Feature", "Epic"],
    projects.BASIC: ["Task", "Issue", "Epic"],
    projects.INHERITED: ["Task", "User Story", "Feature", "Epic", "Initiative"],
}


@pytest.mark.parametrize("project", LEVELS)
async def test_levels_sorted_by_rank_have_the_order_of_the_process(api: httpx.AsyncClient, project: str) -> None:
    body = (await api.get(f"/{project}/_apis/work/backlogconfiguration")).json()
    levels = [*body["portfolioBacklogs"], body["requirementBacklog"], body["taskBacklog"]]
    ranked = sorted(levels, key=lambda level: level["rank"])
    assert [level["defaultWorkItemType"]["name"] for level in ranked] == LEVELS[project]


async def test_portfolio_backlogs_do_not_come_in_the_order_of_their_ranks(api: httpx.AsyncClient) -> None:
    path = f"/{projects.INHERITED}/_apis/work/backlogconfiguration"
    ranks = [level["rank"] for level in (await api.get(path)).json()["portfolioBacklogs"]]
    assert ranks not in (sorted(ranks), sorted(ranks, reverse=True))


async def test_behaviors_rank_in_tens_with_the_custom_level_on_top(api: httpx.AsyncClient) -> None:
    behaviors = await values(api, f"/_apis/work/processes/{processes.INHERITED}/behaviors")
    ranks = {one["referenceName"]: one["rank"] for one in behaviors}
    assert ranks == {
        "System.OrderedBehavior": 0,
        "System.PortfolioBacklogBehavior": 0,
        "System.TaskBacklogBehavior": 10,
        "System.RequirementBacklogBehavior": 20,
        "Microsoft.VSTS.Agile.FeatureBacklogBehavior": 30,
        "Microsoft.VSTS.Agile.EpicBacklogBehavior": 40,
        processes.INITIATIVE_LEVEL: 50,
    }
    assert next(one for one in behaviors if one["rank"] == 50)["customization"] == "custom"


async def test_a_type_leads_to_its_level_through_its_behavior(api: httpx.AsyncClient) -> None:
    root = f"/_apis/work/processes/{processes.INHERITED}/workitemtypesbehaviors"
    found = await values(api, f"{root}/Custom.Initiative/behaviors")
    assert [one["behavior"]["id"] for one in found] == [processes.INITIATIVE_LEVEL]


async def test_bugs_stand_where_each_team_has_them(api: httpx.AsyncClient) -> None:
    places = {}
    for team in await values(api, f"/_apis/projects/{projects.AGILE}/teams"):
        path = f"/{projects.AGILE}/{team['name']}/_apis/work/backlogconfiguration"
        body = (await api.get(path)).json()
        levels = {name: body[f"{name}Backlog"]["workItemTypes"] for name in ("requirement", "task")}
        homes = [name for name, types in levels.items() if "Bug" in {one["name"] for one in types}]
        places[body["bugsBehavior"]] = homes
    assert places == {"asRequirements": ["requirement"], "asTasks": ["task"], "off": []}


@pytest.mark.parametrize(
    ("project", "order", "effort"),
    [
        (projects.AGILE, "Microsoft.VSTS.Common.StackRank", "Microsoft.VSTS.Scheduling.StoryPoints"),
        (projects.SCRUM, "Microsoft.VSTS.Common.BacklogPriority", "Microsoft.VSTS.Scheduling.Effort"),
        (projects.CMMI, "Microsoft.VSTS.Common.StackRank", "Microsoft.VSTS.Scheduling.Size"),
        (projects.BASIC, "Microsoft.VSTS.Common.StackRank", "Microsoft.VSTS.Scheduling.Effort"),
    ],
)
async def test_order_and_effort_fields_differ_by_process(
    api: httpx.AsyncClient, project: str, order: str, effort: str
) -> None:
    fields = (await api.get(f"/{project}/_apis/work/processconfiguration")).json()["typeFields"]
    assert fields["Order"]["referenceName"] == order
    assert fields["Effort"]["referenceName"] == effort


async def test_a_project_tells_its_process_by_its_properties(api: httpx.AsyncClient) -> None:
    project = (await api.get(f"/_apis/projects/{projects.INHERITED}")).json()
    path = f"/_apis/projects/{project['id']}/properties?keys=System.ProcessTemplateType,*Process Template"
    found = {one["name"]: one["value"] for one in await values(api, path)}
    assert found == {
        "System.ProcessTemplateType": processes.INHERITED,
        "System.Process Template": "Contoso Agile",
    }


async def test_the_inherited_process_names_its_parent(api: httpx.AsyncClient) -> None:
    found = (await api.get(f"/_apis/work/processes/{processes.INHERITED}?$expand=projects")).json()
    assert found["parentProcessTypeId"] == processes.AGILE
    assert found["customizationType"] == "inherited"
    assert [one["name"] for one in found["projects"]] == [projects.INHERITED]


async def test_a_bug_in_basic_is_no_type(api: httpx.AsyncClient) -> None:
    answer = await api.get(f"/{projects.BASIC}/_apis/wit/workitemtypes/Bug")
    assert answer.status_code == 404
    assert "bugWorkItems" not in (await api.get(f"/{projects.BASIC}/_apis/work/processconfiguration")).json()


async def test_states_have_categories_and_transitions(api: httpx.AsyncClient) -> None:
    states = await values(api, f"/{projects.CMMI}/_apis/wit/workitemtypes/Requirement/states")
    assert [(one["name"], one["category"]) for one in states] == [
        ("Proposed", "Proposed"),
        ("Active", "InProgress"),
        ("Resolved", "Resolved"),
        ("Closed", "Completed"),
    ]
    kind = (await api.get(f"/{projects.CMMI}/_apis/wit/workitemtypes/Requirement")).json()
    assert [one["to"] for one in kind["transitions"][""]] == ["Proposed"]
    assert "Proposed" not in [one["to"] for one in kind["transitions"]["Closed"]]


async def test_a_picklist_field_leads_to_its_list(api: httpx.AsyncClient) -> None:
    field = (await api.get("/_apis/wit/fields/Custom.RiskLevel")).json()
    assert field["isPicklist"] is True
    listed = (await api.get(f"/_apis/work/processes/lists/{field['picklistId']}")).json()
    path = f"/{projects.INHERITED}/_apis/wit/workitemtypes/Epic/fields/Custom.RiskLevel"
    used = (await api.get(f"{path}?$expand=allowedValues")).json()
    assert listed["items"] == used["allowedValues"] != []


async def test_a_projects_fields_are_those_of_its_process(api: httpx.AsyncClient) -> None:
    names = {
        project: {one["referenceName"] for one in await values(api, f"/{project}/_apis/wit/fields")}
        for project in (projects.AGILE, projects.INHERITED)
    }
    assert names[projects.INHERITED] - names[projects.AGILE] == {"Custom.RiskLevel", "Custom.SponsorNote"}
