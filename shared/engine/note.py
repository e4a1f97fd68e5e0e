"""What was done to a pair, in the activity and among the conflicts (R16, R33)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.core.actions import PARENT, TYPE, Lost, Retype, SyncPlan
from shared.core.model import Raw, Side
from shared.core.snapshots import ItemSnapshot
from shared.engine.apply import TYPE_FIELD, Written
from shared.engine.bodies import Subject
from shared.engine.desk import Desk
from shared.ports import Link
from shared.ports.trust import Action, ActivityEntry, Conflict


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was done: to which side, to which field ("" for the whole item), and its values."""

    side: Side
    done: Action
    field: str = ""
    before: Raw = None
    after: Raw = None
    text: str = ""


async def keep_lost(desk: Desk, item: ItemSnapshot, lost: Sequence[Lost]) -> None:
    """The values that are about to be written over are in the activity, before they are: whoever dies after the write
    does not lose them."""
    notes = [Note(one.side, "overwritten", one.field, one.value, None, "the other side's value won") for one in lost]
    await write_down(desk, item, f"{item.rev}-before", notes)


async def write_down(desk: Desk, item: ItemSnapshot, rev: int | str, notes: Sequence[Note]) -> None:
    """The notes are in the activity. They follow the write: dying in between loses them, never the write."""
    if not notes:
        return
    context, now = desk.context, datetime.now(UTC)
    entries = [
        ActivityEntry(
            id=f"{item.key}-{rev}-{context.run}-{number}",
            key=item.key,
            title=item.item.title,
            field=one.field,
            side=one.side.value,
            action=one.done,
            before=one.before,
            after=one.after,
            cause=context.cause,
            run=context.run,
            at=now,
            note=one.text,
        )
        for number, one in enumerate(notes)
    ]
    await context.engine.activity.add(context.id, entries)


async def conflicts_of(desk: Desk, subject: Subject, held: Link, plan: SyncPlan, done: Written | None = None) -> None:
    """Exactly the fields that are held now are among the conflicts of the item."""
    found = [(one.field, one.values.get(Side.AZURE_DEVOPS), one.values.get(Side.ONEPLAN)) for one in plan.held]
    if done is not None and PARENT in done.refused:
        found.append((PARENT, done.item.item.parent, done.counterpart.target.parent))
    if done is not None and TYPE_FIELD in done.refused:
        wanted = next(one.type for one in plan.actions if isinstance(one, Retype))
        found.append((TYPE, done.item.item.type, wanted))
    now = datetime.now(UTC)
    conflicts = [Conflict(held.key, subject.item.item.title, name, first, second, now) for name, first, second in found]
    await desk.context.engine.conflicts.keep(desk.context.id, held.key, conflicts, held=held.held)
