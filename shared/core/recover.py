"""Which plan an earlier, interrupted create may have made (design.md, decision 6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from shared.core.snapshots import Counterpart

# The clocks of storage and of OnePlan may differ by this much.
SKEW = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Intent:
    """What was about to be created, written down before it was. `noted` is the storage service's time.

    `plan` is the plan that a task was to be in.
    """

    name: str
    type: str
    noted: datetime
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Recovery:
    """`found` is the plan that was made; where `result` is `several`, a person must say which."""

    result: Literal["none", "one", "several"]
    found: Counterpart | None = None


def recover(intent: Intent, plans: Iterable[Counterpart], authors: frozenset[str]) -> Recovery:
    """The only plan with the intent's name and type and no marker, made by our key at or after the intent.

    `authors` are whom plans of our key name as their author; where none is known, the author decides nothing.
    """
    fitting = [one for one in plans if _fits(intent, one, authors)]
    if len(fitting) > 1:
        return Recovery("several")
    return Recovery("one", fitting[0]) if fitting else Recovery("none")


def _fits(intent: Intent, plan: Counterpart, authors: frozenset[str]) -> bool:
    if not plan.unmarked or plan.target.type != intent.type or plan.values.get("Name") != intent.name:
        return False
    if authors and plan.author not in authors:
        return False
    created = _moment(plan.created)
    return created is None or created >= intent.noted - SKEW


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
