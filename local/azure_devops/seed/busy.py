"""Items with as many relations as the busiest ones of a real organization have."""

from urllib.parse import quote

from local.azure_devops.model import Project, Relation, WorkItem
from local.azure_devops.seed.guids import guid
from local.azure_devops.seed.planter import Planter

RELATED = "System.LinkTypes.Related"
RELATIONS = 56
CHILDREN = 5
COST = 2 + CHILDREN
_RELATED = 20
_HYPERLINKS = 15
_FILES = RELATIONS - 1 - CHILDREN - _RELATED - _HYPERLINKS


def related_to_everything(planter: Planter, project: Project) -> None:
    """A story with a parent, children, related items, hyperlinks and files: 56 relations."""
    feature = planter.plant(project, "feature", "feature-without-parent")
    targets = [item for item in planter.planted if _may_be_related(planter, item)][:_RELATED]
    relations = [planter.link(RELATED, item) for item in targets]
    relations += [
        Relation("Hyperlink", f"https://example.com/spec/{n}?a=1&b=ü", {"comment": f"Spec {n}"})
        for n in range(_HYPERLINKS)
    ]
    relations += [_file(planter, project, n) for n in range(_FILES)]
    names = ("56-relations", "task-under-plan")
    story = planter.plant(project, "story", *names, parent=feature, relations=relations)
    for _ in range(CHILDREN):
        planter.plant(project, "task", "nested-task", parent=story)


def _may_be_related(planter: Planter, item: WorkItem) -> bool:
    organization = planter.world.organization
    busy = "56-relations" in organization.oddities.get(item.id, [])
    return not busy and not item.deleted and item.id not in organization.unreadable


def _file(planter: Planter, project: Project, number: int) -> Relation:
    """An attachment that can be downloaded; its name needs escaping in a url."""
    name = f"Entwurf {number}.txt"
    id_ = guid("attachment", f"{project.id}/{len(planter.planted)}/{number}")
    content = f"Entwurf {number} für {project.name}".encode()
    planter.world.attachments[id_] = content
    url = planter.url(f"wit/attachments/{id_}?fileName={quote(name)}")
    return Relation("AttachedFile", url, {"name": name, "resourceSize": len(content)})
