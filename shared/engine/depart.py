"""Pairs of which one side is gone, or that have left the scope (R6, R20; design.md, decision 3)."""

from dataclasses import replace
from typing import Literal

from shared.core.actions import Action, Delete, Disconnect, Forget, Suspend
from shared.core.decide import Pair, edits
from shared.core.existence import Existence, Here, OnRemoval, There, judge_existence
from shared.core.model import Both, Side
from shared.core.scope import WorkItem
from shared.core.snapshots import Counterpart, ItemSnapshot, work_item_id
from shared.engine.desk import Desk, Gone
from shared.engine.hyperlinks import take_off
from shared.engine.marks import DELETED, NAME, name_with
from shared.engine.note import Note, write_down
from shared.engine.replace import last_place, left, put_away, put_away_begun
from shared.engine.requests import ABOVE_LEFT
from shared.ports import Link

UNREADABLE = "the access token may not read it any more, or it was deleted for good"

type Departed = Literal["unchanged", "disconnected", "outOfScope"]


async def depart(desk: Desk, item: ItemSnapshot | None, here: Here, link: Link | None, *, reason: str = "") -> Departed:
    """The pair ends, rests, or goes on as it was; what had been replaced is put away before. `item` is None where it
    cannot be read."""
    if link is None:
        return "unchanged"
    shown = item or ItemSnapshot(link.key, WorkItem(work_item_id(link.key) or 0, "", ""), link.rev, {}, "")
    link = await put_away(desk, shown, link)
    counterpart = await _counterpart(desk, link)
    existence = _existence(desk, shown, here, link, counterpart, reason)
    verdict = judge_existence(existence)
    if isinstance(verdict, str):
        if link.arrived:
            await _tell_below(desk, link, item is not None)
        return "unchanged"
    async with desk.leased(link) as held:
        ended = await _done(desk, shown, held, counterpart, verdict)
    if ended.arrived:
        await _tell_below(desk, ended, item is not None)
    return "outOfScope" if ended.state == "out-of-scope" else "disconnected"


async def _counterpart(desk: Desk, link: Link) -> Counterpart | None:
    if not link.target:
        return None
    try:
        return await desk.read_again(link)
    except Gone:
        return None


def _existence(
    desk: Desk, item: ItemSnapshot, here: Here, link: Link, there: Counterpart | None, reason: str
) -> Existence:
    configuration = desk.context.configuration
    presence: There = "none" if not link.target else "gone" if there is None else "there"
    on_removal: OnRemoval = configuration.on_plan_delete if configuration.options.allow_one_plan_edits else "disconnect"
    return Existence(
        azure_devops=here,
        oneplan=presence,
        past="none" if link.state == "linking" else link.state,
        why=link.why,
        edited=_edited(desk, item, link, there),
        on_delete=configuration.on_work_item_delete,
        on_removal=on_removal,
        reason=reason,
    )


def _edited(desk: Desk, item: ItemSnapshot, link: Link, there: Counterpart | None) -> Both[bool]:
    if link.base is None:
        return Both(True, True)  # nobody knows what was agreed, so nothing may be deleted
    pair = Pair(desk.context.mapping.pairs(link.kind), item.values, there, link.base.target, link.base)
    return edits(pair, desk.context.convert_for(item.item))


async def _done(
    desk: Desk, item: ItemSnapshot, held: Link, there: Counterpart | None, actions: tuple[Action, ...]
) -> Link:
    """The link as it was recorded. It says that what hung below it is still to be told, so that whoever dies before
    that is followed by one who does it. A run has placed everything anew already, but for what it did not know: that a
    counterpart was removed.
    """
    links, context = desk.context.engine.links, desk.context
    ended, notes = held, list[Note]()
    for action in actions:
        await links.keep(context.id, held)
        ended, note = await _applied(desk, item, ended, there, action)
        notes += [note] if note else []
    await put_away_begun(desk, item, held)
    tells = not context.run or ended.why == "removed"
    recorded = await links.record(context.id, replace(ended, arrived=tells), desk.asked_again(held.key), held)
    await context.engine.conflicts.keep(context.id, held.key, [], held=held.held)
    await write_down(desk, item, recorded.rev, notes)
    if (place := there.target if there else last_place(held)) is not None:
        await left(desk, place)
    return recorded


async def _tell_below(desk: Desk, ended: Link, exists: bool) -> None:
    """What hung below it is looked at, since it may have to hang elsewhere; and what is right below it in Azure DevOps
    without having been connected, where only that it is in scope kept it out.

    The latter is asked for now, when the end is recorded: what came below it while it ended was placed by the old link.
    """
    links, number = desk.context.engine.links, work_item_id(ended.key)
    below = {work_item_id(key) for key in await links.children(desk.context.id, ended.key)}
    if exists and number is not None:
        below.update(await desk.below(number))
    for one in sorted(filter(None, below)):
        await desk.send(one, event=ABOVE_LEFT)
    await links.told_below(desk.context.id, ended)


async def _applied(
    desk: Desk, item: ItemSnapshot, link: Link, there: Counterpart | None, action: Action
) -> tuple[Link, Note | None]:
    match action:
        case Delete(Side.ONEPLAN) if there is not None:
            return await _delete_there(desk, item, link, there)
        case Delete(Side.AZURE_DEVOPS):
            await desk.context.sides.azure_devops.delete(item.item.id)
            return link, Note(Side.AZURE_DEVOPS, "deleted", before=item.item.title, text="its counterpart was deleted")
        case Disconnect(why, mark):
            marked = await _marked(desk, there) if mark and there is not None and link.target else None
            parted = replace(link, state="disconnected", why=why, held=False)
            parted = replace(parted, modified=marked.modified) if marked else parted
            parted = await take_off(desk, parted) if why != "deleted" else parted
            return parted, Note(Side.ONEPLAN, "disconnected", text=WHY[why])
        case Suspend(reason):
            return replace(link, state="out-of-scope", held=False), Note(Side.ONEPLAN, "disconnected", text=reason)
        case Forget():
            return replace(link, state="disconnected", why="deleted", target="", plan=""), None
        case _:
            return link, None


WHY = {"deleted": "its work item was deleted", "removed": "its plan or task was deleted", "person": "", "": ""}


async def _delete_there(desk: Desk, item: ItemSnapshot, link: Link, there: Counterpart) -> tuple[Link, Note | None]:
    """What has hours, comments, or anything in it or below it is kept and marked instead."""
    if await desk.context.sides.oneplan.delete(there):
        name = there.values.get(NAME)
        return replace(link, target="", plan=""), Note(Side.ONEPLAN, "deleted", before=name, text=WHY["deleted"])
    await _marked(desk, there)
    return link, Note(Side.ONEPLAN, "marked", text="it has hours, comments, tasks or plans, so it is kept")


async def _marked(desk: Desk, there: Counterpart) -> Counterpart:
    name = name_with(there, DELETED)
    return there if there.values.get(NAME) == name else await desk.context.sides.oneplan.update(there, {NAME: name})
