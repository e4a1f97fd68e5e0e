"""Fields of a counterpart, written so that a value which OnePlan refuses keeps back only itself (R26).

OnePlan does not say which value it refuses, and answers bad input with a 500 as well (oneplan-api.md section 3
[OBSERVED]): what it refuses is learned by sending each value by itself.
"""

from collections.abc import Mapping
from dataclasses import replace

from shared.core.errors import NotTaken, Rejected, Stale, SyncError, UnknownOutcome, may_be_of_a_value
from shared.core.model import Raw, Side
from shared.core.snapshots import Counterpart
from shared.engine.desk import Desk
from shared.engine.marks import NAME
from shared.engine.written import Written
from shared.ports import Link


async def write_fields(desk: Desk, held: Link, done: Written, values: Mapping[str, Raw]) -> Written:
    """All values in one call; where OnePlan refuses that, each by itself, and what it still refuses is told.

    Raises what is no matter of one value: a missing right, a limit, a counterpart that is gone or takes no write at
    all. So does a refused name, without which there is no plan or task.
    """
    try:
        return await _written(desk, held, done, values)
    except (Rejected, UnknownOutcome) as error:
        if not may_be_of_a_value(error) or [*values] == [NAME]:
            raise
    return await _apart(desk, held, done, values)


async def _apart(desk: Desk, held: Link, done: Written, values: Mapping[str, Raw]) -> Written:
    """A 500 may be a passing fault: a value counts as refused once it got three, with the others and twice alone."""
    was = done.counterpart
    done, refused = await _each(desk, held, done, was, values)
    unclear = {name: values[name] for name, error in refused.items() if isinstance(error, UnknownOutcome)}
    done, again = await _each(desk, held, done, was, unclear)
    refused = {name: error for name, error in refused.items() if name not in unclear} | again
    if refused and not done.sent_to(Side.ONEPLAN):
        done = await _named_as_it_is(desk, held, done)
    return done.with_refused(Side.ONEPLAN, {name: f"OnePlan refuses {name}: {why}" for name, why in refused.items()})


async def _each(
    desk: Desk, held: Link, done: Written, was: Counterpart, values: Mapping[str, Raw]
) -> tuple[Written, dict[str, SyncError]]:
    """The name goes first: where that is refused, nothing else is written."""
    refused: dict[str, SyncError] = {}
    for name in sorted(values, key=lambda one: one != NAME):
        check_unedited(was, done.counterpart, {name: values[name]})
        try:
            done = await _written(desk, held, done, {name: values[name]})
        except (Rejected, UnknownOutcome) as error:
            if not may_be_of_a_value(error) or name == NAME:
                raise
            refused[name] = error
    return done, refused


async def _named_as_it_is(desk: Desk, held: Link, done: Written) -> Written:
    """The counterpart takes a write, so it was the values that OnePlan refused. Raises where it takes none, as one
    that a person has locked: then nothing is known of the values."""
    oneplan, there = desk.context.sides.oneplan, done.counterpart
    await desk.context.engine.links.keep(desk.context.id, held)
    now = await (oneplan.plan(there.id) if there.target.kind == "plan" else _task(desk, there))
    return replace(done, counterpart=await oneplan.update(now, {NAME: now.values.get(NAME)}))


async def _task(desk: Desk, there: Counterpart) -> Counterpart:
    return await desk.context.sides.oneplan.task(there.target.plan or "", there.id)


async def _written(desk: Desk, held: Link, done: Written, values: Mapping[str, Raw]) -> Written:
    """Where OnePlan answers that it was done and leaves all as it was, the record says so of each field."""
    await desk.context.engine.links.keep(desk.context.id, held)
    try:
        there = await desk.context.sides.oneplan.update(done.counterpart, values)
    except NotTaken:
        if NAME in values:
            raise
        there = done.counterpart
    return replace(done, counterpart=there).with_sent(Side.ONEPLAN, values)


def check_unedited(was: Counterpart, now: Counterpart, values: Mapping[str, Raw]) -> None:
    """Stale where an answer since shows that somebody edited what is about to be written over."""
    edited = [name for name, value in values.items() if now.values.get(name) not in (was.values.get(name), value)]
    if edited:
        raise Stale(f"{', '.join(edited)} of {was.id} was edited in OnePlan meanwhile")
