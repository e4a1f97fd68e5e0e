"""The mark in the name of a counterpart whose work item is gone, or that another has taken the place of (R19, R20).

OnePlan documents no other sign that a person sees; the words are ours, so that they can be taken away again.
"""

from dataclasses import replace

from shared.core.actions import SyncPlan, Update
from shared.core.model import Side
from shared.core.snapshots import Counterpart
from shared.ports import Link

DELETED = " (deleted in Azure DevOps)"
REPLACED = " (replaced)"
NAME = "Name"


def name_with(there: Counterpart, mark: str) -> str:
    name = str(there.values.get(NAME, ""))
    return name if name.endswith(mark) else name + mark


def _is_marked(link: Link, there: Counterpart) -> bool:
    """Whatever the state: whoever marked it may have died before he recorded why."""
    return str(there.values.get(NAME, "")).endswith(DELETED) and not _agreed_name(link).endswith(DELETED)


def _agreed_name(link: Link) -> str:
    fields = link.base.fields if link.base else {}
    return next((str(both.oneplan) for key, both in fields.items() if key.partition(">")[2] == NAME), "")


def without_mark(link: Link, there: Counterpart) -> Counterpart:
    """The counterpart as a person named it: our mark is no edit."""
    if not _is_marked(link, there):
        return there
    return replace(there, values={**there.values, NAME: str(there.values[NAME]).removesuffix(DELETED)})


def with_mark_undone(link: Link, there: Counterpart, plan: SyncPlan) -> SyncPlan:
    """The plan, which takes the mark away where the pair is connected again."""
    if not _is_marked(link, there):
        return plan
    name = without_mark(link, there).values[NAME]
    sent = next((one for one in plan.actions if isinstance(one, Update) and one.side is Side.ONEPLAN), None)
    others = tuple(one for one in plan.actions if one is not sent)
    values = {NAME: name, **(sent.values if sent else {})}
    return replace(plan, actions=(*others, Update(Side.ONEPLAN, values)))
