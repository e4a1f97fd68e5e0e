"""What we assume of OnePlan and the record does not settle: one place, so that it is corrected in minutes.

docs/assumptions.md tells how to test each on a real tenant. Section numbers are those of oneplan-api.md.
"""

from enum import IntEnum

ZERO = "00000000-0000-0000-0000-000000000000"

# The API root below the environment's address (section 2 [DOCUMENTED]).
API_ROOT = "/api"


class EventList(IntEnum):
    """Guessed from the vendor connector's routes (section 7.3)."""

    WORK_PLAN = 0
    FLOW_STAGE = 1


class EventTrigger(IntEnum):
    """Update is 1 in the vendor connector; Add is a guess (section 7.3)."""

    ADD = 0
    UPDATE = 1


class EventType(IntEnum):
    """The order of the names in the reference (section 7.3); a guess."""

    SYNCH = 0
    ASYNCH = 1


# A custom integration has no system type; Azure DevOps is the one that draws its icon (section 9 [OBSERVED]).
SYSTEM_TYPE_AZURE_DEVOPS = 2

# Access level of an owner in a plan's UserList, by the order of the names (section 9); a guess.
OWNER_LEVEL = 4

# The member of `Fields` that may hold a plan's owner; the record names `Owner` in the request only (section 4).
OWNER_FIELD = "Owner"

# Dates of a task are no members of its request, so they go into `Fields` under these names (section 5, a guess).
TASK_START_FIELD = "StartDate"
TASK_DUE_FIELD = "DueDate"

# The id by which a person is assigned: the resource's `id`, or its `userid` (section 10 UNKNOWN).
ASSIGN_BY = "id"

# `Sort` and `SortDirection` of POST /workplan/find (section 8 UNKNOWN).
FIND_SORT, FIND_DESCENDING = "Modified", "desc"

# Names that ColumnType has as integers (section 9: 1, 3 and 5 seen; the rest unknown and treated as text).
COLUMN_TEXT, COLUMN_NUMBER, COLUMN_CHOICE = 1, 3, 5
