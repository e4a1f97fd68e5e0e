"""The table of metadata routes: method, path, scope that the specification asks for, and what answers."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.routing import Route

from local.azure_devops.letter_case import in_any_case
from local.azure_devops.metadata import (
    identity_routes,
    node_routes,
    node_write_routes,
    process_routes,
    project_routes,
    tag_routes,
    wit_routes,
    work_routes,
)
from local.azure_devops.metadata.call import Answer, Endpoint, answering, guarded
from local.azure_devops.metadata.describes import World

PROJECT_SCOPE = "vso.project"
WORK = "vso.work"
WORK_WRITE = "vso.work_write"
IDENTITY = "vso.identity"
GRAPH = "vso.graph"
PROFILE = "vso.profile"
ANY = ""

_PROJECT = "/{organization}/{project}/_apis"
_ORGANIZATION = "/{organization}/_apis"
_TEAM = "/{organization}/{project}/{team}/_apis"
_TYPE_OF_PROCESS = "work/processes/{process}/workitemtypes/{type}"


@dataclass(frozen=True)
class Read:
    """A GET route below a root; `scope` is what the specification asks for, "" where any token will do."""

    root: str
    path: str
    scope: str
    answer: Answer


def _with_team(path: str, answer: Answer) -> tuple[Read, Read]:
    """Team is optional: without it the default team answers (specification, work)."""
    return Read(_PROJECT, path, WORK, answer), Read(_TEAM, path, WORK, answer)


_CORE = (
    Read(_ORGANIZATION, "projects", PROJECT_SCOPE, project_routes.list_projects),
    Read(_ORGANIZATION, "projects/{project}", PROJECT_SCOPE, project_routes.read_project),
    Read(_ORGANIZATION, "projects/{project}/properties", PROJECT_SCOPE, project_routes.list_properties),
    Read(_ORGANIZATION, "projects/{project}/teams", PROJECT_SCOPE, project_routes.list_teams),
    Read(_ORGANIZATION, "projects/{project}/teams/{team}", PROJECT_SCOPE, project_routes.read_team),
    Read(_ORGANIZATION, "projects/{project}/teams/{team}/members", PROJECT_SCOPE, project_routes.list_members),
    Read(_ORGANIZATION, "teams", PROJECT_SCOPE, project_routes.list_all_teams),
    Read(_ORGANIZATION, "process/processes", WORK, process_routes.list_core_processes),
    Read(_ORGANIZATION, "process/processes/{process}", WORK, process_routes.read_core_process),
)
_PROCESSES = tuple(
    Read(_ORGANIZATION, path, WORK, answer)
    for path, answer in (
        ("work/processes", process_routes.list_processes),
        ("work/processes/lists", process_routes.list_lists),
        ("work/processes/lists/{list}", process_routes.read_list),
        ("work/processes/{process}", process_routes.read_process),
        ("work/processes/{process}/behaviors", process_routes.list_behaviors),
        ("work/processes/{process}/behaviors/{behavior}", process_routes.read_behavior),
        ("work/processes/{process}/workitemtypes", process_routes.list_types),
        (_TYPE_OF_PROCESS, process_routes.read_type),
        (f"{_TYPE_OF_PROCESS}/fields", process_routes.list_fields),
        (f"{_TYPE_OF_PROCESS}/fields/{{field}}", process_routes.read_field),
        (f"{_TYPE_OF_PROCESS}/states", process_routes.list_states),
        (f"{_TYPE_OF_PROCESS}/states/{{state}}", process_routes.read_state),
        ("work/processes/{process}/workitemtypesbehaviors/{type}/behaviors", process_routes.list_type_behaviors),
        (
            "work/processes/{process}/workitemtypesbehaviors/{type}/behaviors/{behavior}",
            process_routes.read_type_behavior,
        ),
    )
)
_WORK = (
    *_with_team("work/backlogconfiguration", work_routes.read_backlog_configuration),
    *_with_team("work/backlogs", work_routes.list_backlogs),
    *_with_team("work/backlogs/{backlog}", work_routes.read_backlog),
    *_with_team("work/backlogs/{backlog}/workitems", work_routes.list_backlog_items),
    *_with_team("work/teamsettings", work_routes.read_team_settings),
    *_with_team("work/teamsettings/iterations", work_routes.list_iterations),
    *_with_team("work/teamsettings/iterations/{iteration}", work_routes.read_iteration),
    *_with_team("work/teamsettings/teamfieldvalues", work_routes.read_team_field_values),
    Read(_PROJECT, "work/processconfiguration", WORK, work_routes.read_process_configuration),
)
_WIT = (
    *(
        Read(root, path, WORK, answer)
        for root in (_ORGANIZATION, _PROJECT)
        for path, answer in (
            ("wit/fields", wit_routes.list_fields),
            ("wit/fields/{field}", wit_routes.read_field),
        )
    ),
    *(
        Read(_PROJECT, path, WORK, answer)
        for path, answer in (
            ("wit/workitemtypes", wit_routes.list_types),
            ("wit/workitemtypes/{type}", wit_routes.read_type),
            ("wit/workitemtypes/{type}/fields", wit_routes.list_type_fields),
            ("wit/workitemtypes/{type}/fields/{field}", wit_routes.read_type_field),
            ("wit/workitemtypes/{type}/states", wit_routes.list_type_states),
            ("wit/workitemtypecategories", wit_routes.list_categories),
            ("wit/workitemtypecategories/{category}", wit_routes.read_category),
            ("wit/classificationnodes", node_routes.list_nodes),
            ("wit/classificationnodes/{group}", node_routes.read_node),
            ("wit/classificationnodes/{group}/{path:path}", node_routes.read_node),
            ("wit/tags", tag_routes.list_tags),
            ("wit/tags/{tag}", tag_routes.read_tag),
        )
    ),
    Read(_ORGANIZATION, "wit/workitemrelationtypes", WORK, wit_routes.list_relation_types),
    Read(_ORGANIZATION, "wit/workitemrelationtypes/{relation}", WORK, wit_routes.read_relation_type),
    Read(_ORGANIZATION, "wit/workitemtransitions", WORK, wit_routes.list_transitions),
    Read(_ORGANIZATION, "wit/artifactlinktypes", WORK, wit_routes.list_artifact_link_types),
    Read(_ORGANIZATION, "wit/workitemicons", WORK, wit_routes.list_icons),
)
_PEOPLE = (
    Read(_ORGANIZATION, "identities", IDENTITY, identity_routes.read_identities),
    Read(_ORGANIZATION, "graph/users", GRAPH, identity_routes.list_users),
    Read(_ORGANIZATION, "graph/users/{user}", GRAPH, identity_routes.read_user),
    Read(_ORGANIZATION, "graph/descriptors/{key}", GRAPH, identity_routes.read_descriptor),
    Read(_ORGANIZATION, "graph/storagekeys/{user}", GRAPH, identity_routes.read_storage_key),
    Read(_ORGANIZATION, "profile/profiles/{id}", PROFILE, identity_routes.read_profile),
    Read(_ORGANIZATION, "connectiondata", ANY, identity_routes.read_connection_data),
)


@dataclass(frozen=True)
class Write:
    """A route with a body, or one that changes something."""

    method: str
    root: str
    path: str
    scope: str
    endpoint: Callable[[World], Endpoint]


_NODE = "wit/classificationnodes/{group}"
_WRITES = (
    *(
        write
        for path in (_NODE, f"{_NODE}/{{path:path}}")
        for write in (
            Write("POST", _PROJECT, path, WORK_WRITE, node_write_routes.create_or_move),
            Write("PATCH", _PROJECT, path, WORK_WRITE, node_write_routes.update),
            Write("DELETE", _PROJECT, path, WORK_WRITE, node_write_routes.delete),
        )
    ),
    Write("PATCH", _PROJECT, "wit/tags/{tag}", WORK_WRITE, tag_routes.update_tag),
    Write("DELETE", _PROJECT, "wit/tags/{tag}", WORK_WRITE, tag_routes.delete_tag),
    Write("POST", _ORGANIZATION, "graph/subjectquery", GRAPH, identity_routes.subject_query),
)


def routes(world: World) -> list[Route]:
    """Every metadata route, below `/{organization}`; a route's name is the scope that it needs."""
    reads = (*_CORE, *_PROCESSES, *_WORK, *_WIT, *_PEOPLE)
    return [
        *(_route("GET", one, answering(world, one.answer)) for one in reads),
        *(_route(one.method, one, one.endpoint(world)) for one in _WRITES),
    ]


def _route(method: str, row: Read | Write, endpoint: Endpoint) -> Route:
    return in_any_case(Route(f"{row.root}/{row.path}", guarded(endpoint), methods=[method], name=row.scope))
