"""States, categories and transitions of each process (ado-api.md section 8; the [K] rows included)."""

from local.azure_devops.model import State

_NEW = "b2b2b2"
_ACTIVE = "007acc"
_RESOLVED = "ff9d00"
_DONE = "339933"
_REMOVED = "ffffff"


def _agile(*, resolved: bool = True) -> tuple[State, ...]:
    middle = (State("Resolved", _RESOLVED, "Resolved"),) if resolved else ()
    return (
        State("New", _NEW, "Proposed"),
        State("Active", _ACTIVE, "InProgress"),
        *middle,
        State("Closed", _DONE, "Completed"),
        State("Removed", _REMOVED, "Removed"),
    )


def _simple(first: str, middle: str, *, removed: bool) -> tuple[State, ...]:
    last = (State("Removed", _REMOVED, "Removed"),) if removed else ()
    return (
        State(first, _NEW, "Proposed"),
        State(middle, _ACTIVE, "InProgress"),
        State("Done", _DONE, "Completed"),
        *last,
    )


AGILE = _agile()
AGILE_TASK = _agile(resolved=False)
# A bug of Agile has no Removed state (the specification's example of its transitions lists four states).
AGILE_BUG = AGILE[:-1]
AGILE_ISSUE = (State("Active", _ACTIVE, "InProgress"), State("Closed", _DONE, "Completed"))
SCRUM_BACKLOG = (
    State("New", _NEW, "Proposed"),
    State("Approved", _NEW, "Proposed"),
    State("Committed", _ACTIVE, "InProgress"),
    State("Done", _DONE, "Completed"),
    State("Removed", _REMOVED, "Removed"),
)
SCRUM_PORTFOLIO = _simple("New", "In Progress", removed=True)
SCRUM_TASK = _simple("To Do", "In Progress", removed=True)
IMPEDIMENT = (State("Open", _ACTIVE, "InProgress"), State("Closed", _DONE, "Completed"))
CMMI = (
    State("Proposed", _NEW, "Proposed"),
    State("Active", _ACTIVE, "InProgress"),
    State("Resolved", _RESOLVED, "Resolved"),
    State("Closed", _DONE, "Completed"),
)
BASIC = _simple("To Do", "Doing", removed=False)
TEST_CASE = (
    State("Design", _NEW, "Proposed"),
    State("Ready", _ACTIVE, "InProgress"),
    State("Closed", _DONE, "Completed"),
)


def transitions(states: tuple[State, ...], *, strict: bool = False) -> dict[str, tuple[str, ...]]:
    """From each state to every other, and "" to the first one.

    `strict` forbids going from a completed state straight back to the first one: a rule that a process
    may have (R26 needs a transition that is refused).
    """
    names = tuple(state.name for state in states)
    table = {"": (names[0],)} | {name: tuple(other for other in names if other != name) for name in names}
    if strict:
        for state in states:
            if state.category == "Completed":
                table[state.name] = tuple(name for name in table[state.name] if name != names[0])
    return table
