"""Tags of a project: there is no list of their own, they are what the items carry."""

from typing import Any

from local.azure_devops.model import Organization, Project, WorkItem
from local.azure_devops.seed.guids import guid

FIELD = "System.Tags"
_UPDATED = "2026-01-05T09:00:00Z"


def split(text: object) -> list[str]:
    """The tags of a System.Tags value."""
    return [tag.strip() for tag in str(text or "").split(";") if tag.strip()]


def tags_of(organization: Organization, project: Project) -> list[str]:
    """Every tag that a live item of the project carries, once, in any letter case, by name."""
    found: dict[str, str] = {}
    for item in items_of(organization, project):
        for tag in split(item.now.fields.get(FIELD)):
            found.setdefault(tag.casefold(), tag)
    return [found[key] for key in sorted(found)]


def items_of(organization: Organization, project: Project) -> list[WorkItem]:
    """The live items of a project."""
    return [item for item in organization.items.values() if item.project_id == project.id and not item.deleted]


def tag_id(project: Project, name: str) -> str:
    """The id of a tag in a project."""
    return guid("tag", f"{project.id}/{name.casefold()}")


def tag_definition(base: str, project: Project, name: str) -> dict[str, Any]:
    """A WorkItemTagDefinition."""
    id_ = tag_id(project, name)
    return {
        "id": id_,
        "name": name,
        "url": f"{base}/{project.id}/_apis/wit/tags/{id_}",
        "lastUpdated": _UPDATED,
    }


def find_tag(organization: Organization, project: Project, wanted: str) -> str | None:
    """A tag by name or id, in any letter case."""
    key = wanted.casefold()
    known = tags_of(organization, project)
    return next((tag for tag in known if key in (tag.casefold(), tag_id(project, tag))), None)


def replace_tag(organization: Organization, project: Project, name: str, renamed: str | None) -> None:
    """The tag under another name, or gone, on every item; no revision is made, as items hold the tag's id."""
    for item in items_of(organization, project):
        for revision in item.revisions:
            known = split(revision.fields.get(FIELD))
            if all(tag.casefold() != name.casefold() for tag in known):
                continue
            kept = [renamed if tag.casefold() == name.casefold() else tag for tag in known]
            text = "; ".join(dict.fromkeys(tag for tag in kept if tag))
            if text:
                revision.fields[FIELD] = text
            else:
                del revision.fields[FIELD]
