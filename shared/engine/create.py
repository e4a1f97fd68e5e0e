"""Making the counterpart of an item once, whatever happens in between (design.md, decision 6)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from shared.core.actions import Create
from shared.core.errors import NotFound, Rejected, UnknownOutcome, may_be_of_a_value
from shared.core.recover import Intent, recover
from shared.core.snapshots import Counterpart, Target, marker_item
from shared.engine.bodies import Subject
from shared.engine.desk import Desk
from shared.ports import Link

# What share of a lease passes until a create without an answer is tried again.
UNTIL_SENT_AGAIN = 4
SEVERAL = (
    "a plan of this name and type was perhaps created for it before, and OnePlan has several without a marker. "
    "Pair the right one with the work item, or delete those that are not needed, then retry."
)


async def create(desk: Desk, held: Link, subject: Subject, wanted: Create, but: str = "") -> tuple[Counterpart, bool]:
    """The counterpart, marked and in its place, and whether it still has to be brought in step: it was found from an
    earlier attempt, or OnePlan took it without its optional values only.

    The intent stands before the create, and the marker is looked for where an intent was there already. `but` is the
    counterpart that is to be replaced: it is not the one that was made. A new one is made with all values or not at
    all, since the other one's end waits for it.
    """
    engine, target = desk.context.engine, wanted.target
    name = str(wanted.values.get("Name", ""))
    noted = datetime.fromtimestamp(await engine.pages.now(), UTC)
    intent = Intent(name, target.type, noted, target.plan or "")
    earlier = await engine.intents.note(desk.context.id, subject.item.key, intent)
    found = await _earlier(desk, subject.item.key, target, earlier, but) if earlier else None
    if found is not None:
        return found, True
    if earlier and replace(earlier, noted=noted) != intent:
        # What is made now is looked for by this. Only whoever still has the lease may say so.
        await engine.links.keep(desk.context.id, held)
        await engine.intents.renew(desk.context.id, subject.item.key, intent)
    try:
        return await _twice(desk, held, subject, wanted, intent, but)
    except Rejected as error:
        required = _required(desk, wanted)
        if but or required == wanted or not may_be_of_a_value(error):
            raise
    return await _begun_with(desk, held, subject, required, intent)


async def _twice(
    desk: Desk, held: Link, subject: Subject, wanted: Create, intent: Intent, but: str
) -> tuple[Counterpart, bool]:
    try:
        return await _made(desk, held, subject, wanted), False
    except UnknownOutcome as error:
        found = await _look(desk, subject.item.key, wanted.target, intent, but)
        if found is not None:
            return found, True
        if not error.answered:
            raise _later(desk, error) from None
    return await _once_more(desk, held, subject, wanted, intent, but)


def _required(desk: Desk, wanted: Create) -> Create:
    """With the values alone that OnePlan makes nothing without: its name, and the owner of a plan."""
    pairs = desk.context.mapping.pairs(wanted.target.kind)
    names = {pair.oneplan for pair in pairs if pair.required or pair.kind == "owner"}
    return replace(wanted, values={name: value for name, value in wanted.values.items() if name in names})


async def _begun_with(
    desk: Desk, held: Link, subject: Subject, required: Create, intent: Intent
) -> tuple[Counterpart, bool]:
    """What OnePlan refused may be one value (R26): the others follow as an update, as after a death right here.

    What was refused may also be the marker or the place of a plan that is there by now: that is looked for first.
    """
    found = await _look(desk, subject.item.key, required.target, intent, "")
    if found is None:
        found, _ = await _once_more(desk, held, subject, required, intent, "")
    return found, True


async def _once_more(
    desk: Desk, held: Link, subject: Subject, wanted: Create, intent: Intent, but: str
) -> tuple[Counterpart, bool]:
    """OnePlan answers bad input with a 500 as well (oneplan-api.md section 3 [OBSERVED]): the second one decides."""
    try:
        return await _made(desk, held, subject, wanted), False
    except UnknownOutcome as error:
        found = await _look(desk, subject.item.key, wanted.target, intent, but)
        if found is not None:
            return found, True
        if error.answered:
            raise Rejected(str(error)) from None
        raise _later(desk, error) from None


def _later(desk: Desk, error: UnknownOutcome) -> UnknownOutcome:
    """It may still be on its way behind OnePlan's gateway, so it is not looked for, and sent again, right away."""
    wait = max(error.retry_after or 0.0, desk.context.engine.lease_seconds / UNTIL_SENT_AGAIN)
    return UnknownOutcome(str(error), wait)


async def _made(desk: Desk, held: Link, subject: Subject, wanted: Create) -> Counterpart:
    context, item = desk.context, subject.item
    marker = (context.integration, marker_item(item.key), item.url)
    await context.engine.links.keep(context.id, held)
    if wanted.target.kind == "task":
        return await context.sides.oneplan.create_task(wanted.target, wanted.values, *marker)
    made = await context.sides.oneplan.create_plan(wanted.target, wanted.values)
    await context.sides.oneplan.mark_plan(made.id, *marker)
    if made.target != wanted.target:  # a parent on create may be ignored (oneplan-api.md section 4 UNKNOWN)
        made = await context.sides.oneplan.move(made, wanted.target)
    return made


def _authors(plans: Sequence[Counterpart], integration: str) -> frozenset[str]:
    """Under whose name our key writes, learned from the plans that carry our marker: the record does not tell."""
    ours = (one.author for one in plans if any(line == integration for line, _ in one.markers))
    return frozenset(author for author in ours if author)


async def begun(desk: Desk, key: str, but: str) -> Counterpart | None:
    """What an attempt that came to no end has made; None where there was none, or it got nothing done.

    Rejected where a person must say which it is.
    """
    intent = await desk.context.engine.intents.get(desk.context.id, key)
    if intent is None:
        return None
    target = Target("task", intent.type, intent.plan) if intent.plan else Target("plan", intent.type)
    return await _earlier(desk, key, target, intent, but)


async def _earlier(desk: Desk, key: str, target: Target, intent: Intent, but: str) -> Counterpart | None:
    """What an attempt that came to no end has made, wherever that is by now: since then the work item may have been
    moved or have got another type, and a person may have moved what was made."""
    found = await _look(desk, key, target, intent, but)
    if found is not None:
        return found
    context, item = desk.context, marker_item(key)
    if target.kind == "task":
        plan = await context.sides.oneplan.find_plan(context.integration, item)
        if plan and plan != but:
            return await context.sides.oneplan.plan(plan)
    return await desk.marked_task(item, (target.plan, intent.plan), but)


async def _look(desk: Desk, key: str, target: Target, intent: Intent, but: str) -> Counterpart | None:
    """What an earlier attempt made, if it got so far. Rejected where a person must say which it is."""
    context, item = desk.context, marker_item(key)
    if target.kind == "task":
        try:
            tasks = await context.sides.oneplan.tasks(target.plan or "")
        except NotFound:
            return None  # the plan is gone, and with it what was made in it
        return next((one for one in tasks if one.marked(context.integration, item) and one.id != but), None)
    found = await context.sides.oneplan.find_plan(context.integration, item)
    if found and found != but:
        return await context.sides.oneplan.plan(found)
    plans = await context.sides.oneplan.plans()
    recovery = recover(intent, plans, _authors(plans, context.integration))
    if recovery.result == "several":
        raise Rejected(f"creating plan {intent.name!r}: {SEVERAL}")
    return await context.sides.oneplan.plan(recovery.found.id) if recovery.found else None
