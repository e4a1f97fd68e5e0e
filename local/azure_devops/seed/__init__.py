"""The seeded organization: what is configured, what is planted in it, and what is odd about it."""

from local.azure_devops.seed.oddities import AT_LEAST, FAILING, ODDITIES, PLAN_LEVEL_TYPES, TASK_TYPES, counted
from local.azure_devops.seed.organization import organization
from local.azure_devops.seed.populate import populate

__all__ = [
    "AT_LEAST",
    "FAILING",
    "ODDITIES",
    "PLAN_LEVEL_TYPES",
    "TASK_TYPES",
    "counted",
    "organization",
    "populate",
]
