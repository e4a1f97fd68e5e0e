"""Team projects, their properties and teams (specification area core)."""

from fnmatch import fnmatchcase
from typing import Any

from local.azure_devops.model import Identity, Organization, Project, Team

# Never shown by the specification's example: a project of the stand-in does not change its own revision.
_CREATED = "2026-01-05T09:00:00Z"


def project_reference(base: str, project: Project) -> dict[str, Any]:
    """A TeamProjectReference; `description` is absent where there is none."""
    answer: dict[str, Any] = {"id": project.id, "name": project.name}
    if project.description:
        answer["description"] = project.description
    return answer | {
        "url": f"{base}/_apis/projects/{project.id}",
        "state": project.state,
        "revision": 1,
        "visibility": "private",
        "lastUpdateTime": _CREATED,
    }


def project_details(base: str, organization: Organization, project: Project, *, capabilities: bool) -> dict[str, Any]:
    """A TeamProject: a reference with its default team, links and, where asked for, capabilities."""
    default = project.teams[0]
    url = f"{base}/_apis/projects/{project.id}"
    answer = project_reference(base, project) | {
        "_links": {"self": {"href": url}, "collection": {"href": f"{base}/_apis/projectCollections/{organization.id}"}},
        "defaultTeam": {"id": default.id, "name": default.name, "url": f"{url}/teams/{default.id}"},
    }
    if capabilities:
        process = organization.process_of(project)
        answer["capabilities"] = {
            "processTemplate": {"templateName": process.name, "templateTypeId": process.id},
            "versioncontrol": {"sourceControlType": "Git", "gitEnabled": "True", "tfvcEnabled": "False"},
        }
    return answer


def project_properties(organization: Organization, project: Project, keys: list[str]) -> list[dict[str, Any]]:
    """The ProjectProperty list; `keys` may hold `*` (specification's example properties_keys)."""
    process = organization.process_of(project)
    properties = {
        "System.CurrentProcessTemplateId": process.id,
        "System.OriginalProcessTemplateId": process.id,
        "System.ProcessTemplateType": process.id,
        "System.Process Template": process.name,
        "System.Microsoft.TeamFoundation.Team.Default": project.teams[0].id,
        "System.SourceControlCapabilityFlags": "2",
        "System.SourceControlGitEnabled": "True",
    }
    return [
        {"name": name, "value": value}
        for name, value in properties.items()
        if not keys or any(fnmatchcase(name.casefold(), key.casefold()) for key in keys)
    ]


def web_api_team(base: str, project: Project, team: Team) -> dict[str, Any]:
    """A WebApiTeam."""
    default = team is project.teams[0]
    return {
        "id": team.id,
        "name": team.name,
        "url": f"{base}/_apis/projects/{project.id}/teams/{team.id}",
        "description": "The default project team." if default else "",
        "identityUrl": f"{base}/_apis/Identities/{team.id}",
        "projectName": project.name,
        "projectId": project.id,
    }


def team_member(identity_ref: dict[str, Any], who: Identity) -> dict[str, Any]:
    """A TeamMember; administrators are those whose mail starts so."""
    return {"isTeamAdmin": who.mail.startswith("priya.admin"), "identity": identity_ref}
