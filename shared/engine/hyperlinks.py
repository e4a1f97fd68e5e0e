"""Hyperlinks from work items to their plans and tasks, where the connection asks for them (R30).

The link row says which one we wrote, so an item that comes singly costs a call only where its counterpart is a new
one. What a person took away is put back by the next full sync, which reads all relations anyway.
"""

from dataclasses import replace

from shared.core.errors import Rejected, SyncError
from shared.core.hyperlinks import is_settled
from shared.core.model import Side
from shared.core.snapshots import ItemSnapshot, Target, work_item_id
from shared.engine.desk import Desk
from shared.engine.note import Note, write_down
from shared.engine.parts import Context
from shared.ports import Link

FIELD = "Hyperlink"


def are_asked_for(context: Context) -> bool:
    """Import-only connections write nothing to Azure DevOps, not even these (R7)."""
    return context.configuration.write_hyperlink and context.configuration.options.allow_one_plan_edits


def wanted_of(context: Context, link: Link) -> str | None:
    """Where the hyperlink of a connected work item is to lead; None where it has no counterpart."""
    if link.state != "linked" or not link.target:
        return None
    return context.sides.oneplan.page(Target(link.kind, "", link.plan), link.target)


async def keep_hyperlink(desk: Desk, item: ItemSnapshot) -> None:
    """The work item, read just now, has its one hyperlink. Stale where it was changed meanwhile."""
    context = desk.context
    if not are_asked_for(context) or work_item_id(item.key) is None:
        return
    link = await context.engine.links.get(context.id, item.key)
    wanted = wanted_of(context, link) if link else None
    if link is None or wanted is None or link.hyperlink == wanted:
        return
    async with desk.leased(link) as held:
        rev, note = await _written(context, held, item, wanted)
        recorded = replace(held, rev=rev, hyperlink=wanted)
        await context.engine.links.record(context.id, recorded, desk.asked_again(item.key))
    await write_down(desk, item, f"{rev}-hyperlink", [note] if note else [])


async def _written(context: Context, held: Link, item: ItemSnapshot, wanted: str) -> tuple[int, Note | None]:
    """The revision that is agreed on afterwards. What we wrote to the item just now made its newest one."""
    if is_settled(item.hyperlinks, wanted):
        return held.rev, None
    at = max(item.rev, held.rev)
    try:
        after = await context.sides.azure_devops.hyperlink(replace(item, rev=at), wanted)
    except Rejected as error:
        return held.rev, refused(error)
    return agreed_rev(held, at, after), written(held, wanted)


def agreed_rev(held: Link, before: int, after: int) -> int:
    """The revision that the write made is agreed on where the one before it was: then its notification ends early."""
    return after if before == held.rev else held.rev


def written(held: Link, wanted: str | None) -> Note:
    return Note(Side.AZURE_DEVOPS, "updated", FIELD, held.hyperlink or None, wanted)


def refused(error: SyncError) -> Note:
    """The item itself is in step, so it is no failure; the next full sync tries again."""
    return Note(Side.AZURE_DEVOPS, "refused", FIELD, text=str(error))


async def take_off(desk: Desk, held: Link) -> Link:
    """The work item, if it can be read, has no hyperlink of ours any more: its pair has ended."""
    number, context = work_item_id(held.key), desk.context
    if not held.hyperlink or number is None or not context.configuration.options.allow_one_plan_edits:
        return held
    done = (await context.sides.azure_devops.hyperlinks({number: None})).get(number)
    if done is None or isinstance(done, SyncError):
        return held
    return replace(held, hyperlink="", rev=agreed_rev(held, done.before, done.after))
