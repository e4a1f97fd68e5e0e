"""What was done to a pair, in the activity and among the conflicts (R16, R33)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.core.actions import PARENT, TYPE, Lost, Rehang, Retype, SyncPlan
from shared.core.base import Base
from shared.core.model import Raw, Side
from shared.core.snapshots import ItemSnapshot
from shared.engine.apply import TYPE_FIELD
from shared.engine.bodies import Subject, parent_key
from shared.engine.desk import Desk
from shared.engine.written import Written
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


async def conflicts_of(
    desk: Desk, subject: Subject, held: Link, plan: SyncPlan, agreed: Base | None, done: Written | None = None
) -> None:
    """Exactly the fields that are held now are among the conflicts of the item, and the place and the type that Azure
    DevOps has refused. `agreed` is what is agreed on now."""
    conflicts, id_ = desk.context.engine.conflicts, desk.context.id
    found = [(one.field, one.values.get(Side.AZURE_DEVOPS), one.values.get(Side.ONEPLAN)) for one in plan.held]
    found += _refused_now(subject, plan, done) if done else []
    now, named = datetime.now(UTC), {name for name, _, _ in found}
    wanted = [Conflict(held.key, subject.item.item.title, name, first, second, now) for name, first, second in found]
    before = refused_of(agreed) - named
    if before:
        wanted += [one for one in await conflicts.of_item(id_, held.key) if one.field in before]
    spent = named - {one.field for one in plan.held}
    await conflicts.keep(id_, held.key, wanted, held=held.held, spent=spent)


def _refused_now(subject: Subject, plan: SyncPlan, done: Written) -> list[tuple[str, Raw, Raw]]:
    """The place and the type that were sent in vain, as both sides have them."""
    found: list[tuple[str, Raw, Raw]] = []
    for action in plan.actions:
        match action:
            case Rehang(above) if PARENT in done.refused_by(Side.AZURE_DEVOPS):
                found.append((PARENT, parent_key(subject) or None, above))
            case Retype(name) if TYPE_FIELD in done.refused_by(Side.AZURE_DEVOPS):
                found.append((TYPE, done.item.item.type, name))
    return found


def refused_of(agreed: Base | None) -> frozenset[str]:
    """Which of place and type Azure DevOps has refused to take from the counterpart; a person can ask for it again."""
    return frozenset(agreed.refused.keys() & {PARENT, TYPE}) if agreed else frozenset()
