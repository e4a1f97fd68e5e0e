"""Why is this item not in OnePlan, or where is it? From stored state alone (R34)."""

from dataclasses import dataclass
from typing import Literal

from shared.core.snapshots import work_item_key
from shared.engine.parts import Engine

type Answer = Literal["linked", "failed", "waiting", "left-out", "unknown"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is known of a work item: the rule that decided, and its reason in plain words."""

    answer: Answer
    reason: str
    rule: str = ""
    target: str = ""
    plan: str = ""


async def explain(engine: Engine, connection: str, work_item: int) -> Explanation:
    """What the last runs made of the work item."""
    key = work_item_key(work_item)
    failure = await engine.failures.get(connection, key)
    if failure is not None:
        return Explanation("failed", failure.reason)
    link = await engine.links.get(connection, key)
    if link is not None and link.target:
        return Explanation("linked", f"it is a {link.kind} in OnePlan", target=link.target, plan=link.plan)
    left_out = await engine.failures.left_out(connection, key)
    if left_out is not None:
        return Explanation("left-out", left_out.reason, left_out.rule)
    waiting = next((one for one in await engine.waiting.list(connection) if one.key == key), None)
    if waiting is not None:
        above = waiting.parent[1:].lstrip("0")
        return Explanation("waiting", f"it waits for work item {above}, which is not there yet")
    return Explanation(
        "unknown",
        "no sync has seen it: it is deleted, or outside of the team projects in scope, or the access token may not "
        "read it, or it was created after the last sync",
    )
