"""The configured organization, before any work item is in it."""

from local.azure_devops.model import Organization
from local.azure_devops.seed.fields import fields
from local.azure_devops.seed.guids import guid
from local.azure_devops.seed.people import identities
from local.azure_devops.seed.processes import processes
from local.azure_devops.seed.projects import projects
from local.azure_devops.seed.tokens import tokens


def organization(name: str = "contoso") -> Organization:
    """Processes, fields, types, people, projects, teams and tokens; `populate` adds the work items."""
    return Organization(
        name=name,
        id=guid("organization", name),
        identities=identities(),
        fields=fields(),
        processes=processes(),
        projects=projects(),
        tokens=tokens(),
    )
