"""What we assume of OnePlan and the record does not settle: one place, so that it is corrected in minutes.

docs/assumptions.md tells how to test each on a real tenant. Section numbers are those of oneplan-api.md.
"""

from enum import IntEnum

# What stands for nothing where a GUID is expected (section 2 [OBSERVED]).
ZERO = "00000000-0000-0000-0000-000000000000"

# The API root below the environment's address (section 2 [DOCUMENTED]).
API_ROOT = "/api"

# Where a person opens a plan, and a task in it, below the environment's address (not in the record). Another form put
# here is taken over by the next full sync: hyperlinks that lead elsewhere are replaced.
PLAN_PAGE = "/plan/{plan}"
TASK_PAGE = "/plan/{plan}?task={task}"


class EventList(IntEnum):
    """Guessed from the vendor connector's routes (section 7.3)."""

    WORK_PLAN = 0
    FLOW_STAGE = 1


class EventTrigger(IntEnum):
    """Update is 1 in the vendor connector; Add and Delete are guesses by the order of the names (section 7.3)."""

    ADD = 0
    UPDATE = 1
    DELETE = 2


class EventType(IntEnum):
    """The order of the names in the reference (section 7.3); a guess."""

    SYNCH = 0
    ASYNCH = 1


class SystemType(IntEnum):
    """Of an integration line item. A custom one has none; this one draws its icon (section 9 [OBSERVED])."""

    AZURE_DEVOPS = 2


class ColumnType(IntEnum):
    """Those that were seen (section 9); any other number is left as it is and written as text."""

    TEXT = 1
    NUMBER = 3
    CHOICE = 5


class AccessLevel(IntEnum):
    """Of a person in a plan's UserList, by the order of the names (section 9); a guess."""

    NONE = 0
    READER = 1
    MY_WORK = 2
    PLANNER = 3
    OWNER = 4


# The member of `Fields` that may hold a plan's owner; the record names `Owner` in the request only (section 4).
OWNER_FIELD = "Owner"

# Dates of a task are no members of its request, so they go into `Fields` under these names (section 5, a guess).
TASK_START_FIELD = "StartDate"
TASK_DUE_FIELD = "DueDate"

# Where a task names its iteration; the record has iterations, but not how a task is put into one (section 5, a guess).
TASK_ITERATION_FIELD = "Iteration"

# The id by which a person is assigned: the resource's `id`, or its `userid` (section 10 UNKNOWN).
ASSIGN_BY = "id"

# What empties a field: the reference's schema of `Fields` takes no null (section 4, a guess).
EMPTIED = ""

# `Sort` and `SortDirection` of POST /workplan/find (section 8 UNKNOWN).
FIND_SORT, FIND_DESCENDING = "Modified", "desc"

# Seconds to wait after a 429, which names none as far as is known (section 3 UNKNOWN): a sixth of the minute's window.
RATE_LIMIT_PAUSE = 10.0

# Routes that no documentation names (sections 5, 7). Each is tried by one method of undocumented.py.
MOVE_TASK = "workplan/{plan}/tasks/{task}/move"
CONNECTED_SYSTEMS = "integration/connectedsystems"
CONNECTED_SYSTEM = "integration/connectedsystems/{integration}"
DETACH_PLAN = "integration/disconnectplan"

# Dates of a plan that OnePlan computes and refuses to be written (section 4 [OBSERVED]; the names are guesses).
COMPUTED_PLAN_DATES = ("Start", "Finish", "StartDate", "FinishDate", "DueDate", "EndDate")

# Built-in fields whose type is plain, by which the numbers of the other types are learned (section 9 advises so).
DATE_FIELDS = ("Start", "Finish", "StartDate", "DueDate")
PERSON_FIELDS = ("Owner",)
