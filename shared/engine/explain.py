"""Why is this item not in OnePlan, or where is it? From stored state alone (R34)."""

from dataclasses import dataclass
from typing import Literal

from shared.core.snapshots import work_item_key
from shared.engine.parts import Engine
from shared.ports import LeftOutItem, Link

type Answer = Literal["linked", "failed", "waiting", "left-out", "unknown"]

UNKNOWN = (
    "no sync has seen it: it is deleted, or outside of the team projects in scope, or the access token may not "
    "read it, or it was created after the last sync"
)


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
    if link is not None and link.state == "linked":
        return Explanation("linked", f"it is a {link.kind} in OnePlan", target=link.target, plan=link.plan)
    left_out = await engine.failures.left_out(connection, key)
    if link is not None and link.state in ("out-of-scope", "disconnected"):
        return _rests(link, left_out)
    if left_out is not None:
        return Explanation("left-out", left_out.reason, left_out.rule)
    waiting = next((one for one in await engine.waiting.list(connection) if one.key == key), None)
    if waiting is not None:
        above = waiting.parent[1:].lstrip("0")
        return Explanation("waiting", f"it waits for work item {above}, which is not there yet")
    if link is not None:
        return Explanation("waiting", f"its {link.kind} is being made in OnePlan; start a sync if that does not end")
    return Explanation("unknown", UNKNOWN)


def _rests(link: Link, left_out: LeftOutItem | None) -> Explanation:
    """The pair is kept in step no more. The rule that left the item out says more of it than the link; where the last
    full sync was before that, the link says it."""
    rule, reason = (left_out.rule, left_out.reason) if left_out else _of_link(link)
    return Explanation("left-out", reason, rule, *(("", "") if link.why == "removed" else (link.target, link.plan)))


def _of_link(link: Link) -> tuple[str, str]:
    """The rule by which the pair rests, and what to do."""
    if link.state == "out-of-scope":
        return "", (
            f"it has left the scope of this connection, or the access token may not read it any more; its {link.kind} "
            "stays in OnePlan as it is. Bring it back into the scope, or let the token read it: the next sync connects "
            "the two again"
        )
    if link.why == "deleted":
        return "exists", "it is deleted in Azure DevOps; restore it there, and it is connected again"
    if link.why == "removed":
        return "connected", (
            f"its {link.kind} was deleted in OnePlan; restore it there, and the next sync connects the two again"
        )
    return (
        "connected",
        f"a person has disconnected it from its {link.kind} in OnePlan; connect it again to bring it back",
    )
