"""Comments of a pair, copied both ways where the connection asks for it (R25).

They are read where the work item has another revision, or OnePlan's record other comments, than when they were last
read; an item that nobody ever commented on costs no call. Whoever dies in between leaves copies that are known by
their headings, so that nothing is copied twice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from shared.core.comments import Comment, Remove, Told, Write, copy_of, talk
from shared.core.model import Both, Side
from shared.core.snapshots import ItemSnapshot, Target, work_item_id
from shared.engine.desk import Desk
from shared.engine.note import Note, write_down
from shared.engine.parts import Context
from shared.ports import Link
from shared.ports.sync import CopiedComments

FIELD = "Comment"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class _Work:
    """The comments of one pair at work."""

    desk: Desk
    item: ItemSnapshot
    held: Link
    urls: Both[str]
    comments: Both[Sequence[Comment]]
    told: list[Told]
    notes: list[Note] = field(default_factory=list)


async def keep_comments(desk: Desk, item: ItemSnapshot) -> None:
    """Every comment of the pair is on both sides, as far as the connection may write there."""
    context = desk.context
    if not context.configuration.comments or work_item_id(item.key) is None:
        return
    link = await context.engine.links.get(context.id, item.key)
    if link is None or link.state != "linked" or not link.target:
        return
    # Both were so before the comments are read, so what comes meanwhile is seen as another one next time.
    seen = replace(link, told=max(item.rev, link.rev), talk=desk.talk.get(link.target, link.talk))
    if seen == link or not (link.told or item.comments or seen.talk):
        return
    async with desk.leased(link) as held:
        notes = await _copied(desk, item, held)
        recorded = replace(held, told=seen.told, talk=seen.talk)
        await context.engine.links.record(context.id, recorded, desk.asked_again(item.key))
    await write_down(desk, item, f"{seen.told}-comments", notes)


async def _copied(desk: Desk, item: ItemSnapshot, held: Link) -> list[Note]:
    context = desk.context
    stored = await context.engine.comments.get(context.id, item.key)
    known = stored.told if stored.target == held.target else ()
    page = context.sides.oneplan.page(Target(held.kind, "", held.plan), held.target)
    found = Both(
        await context.sides.azure_devops.comments(item.item.id, item.item.project),
        [_named(context, one) for one in await context.sides.oneplan.comments(held.kind, held.target)],
    )
    may_write = context.configuration.options.allow_one_plan_edits
    wanted = talk(found, known, Both(item.url, page), may_write=may_write)
    work = _Work(desk, item, held, Both(item.url, page), found, list(wanted.told))
    for action in wanted.actions:
        work.held = await context.engine.links.keep(context.id, work.held)
        match action:
            case Write():
                await _write(work, action, known)
            case Remove(side, copy):
                await _remove(work, side, copy)
    if set(work.told) != set(stored.told) or stored.target != held.target:
        copied = CopiedComments(held.target, tuple(work.told), stored.etag)
        await context.engine.comments.put(context.id, item.key, copied)
    return work.notes


def _named(context: Context, comment: Comment) -> Comment:
    """With the name of who wrote it where OnePlan gave an id only."""
    if not _ID.fullmatch(comment.author):
        return comment
    names = {one.id: one.name for one in context.setup.resources}
    return replace(comment, author=names.get(comment.author, ""))


async def _write(work: _Work, action: Write, known: Sequence[Told]) -> None:
    """The new text is there before the old one goes: a copy too many is taken away next time, one too few is not."""
    origin = action.side.other
    html = copy_of(action.original, origin, work.urls.of(origin))
    if action.side is Side.AZURE_DEVOPS and action.replaces:
        made = await _edit(work, action.replaces[0], html)
        left = action.replaces[1:]
    else:
        made, left = await _add(work, action.side, html), action.replaces
    copied = {one.copy: one.copied for one in known}
    edited = [one for one in action.replaces if copied.get(one.id, one.sense) != one.sense]
    work.notes += [Note(action.side, "overwritten", FIELD, one.html, None, "its original was edited") for one in edited]
    for one in left:
        await _delete(work, action.side, one)
    before = action.replaces[0].html if action.replaces else None
    work.notes.append(Note(action.side, "updated" if before else "created", FIELD, before, made.html))
    work.told.append(Told(origin, action.original.id, action.original.sense, made.id, made.sense))


async def _remove(work: _Work, side: Side, copy: Comment) -> None:
    await _delete(work, side, copy)
    work.notes.append(Note(side, "deleted", FIELD, copy.html))


async def _add(work: _Work, side: Side, html: str) -> Comment:
    sides, item = work.desk.context.sides, work.item.item
    if side is Side.AZURE_DEVOPS:
        return await sides.azure_devops.add_comment(item.id, item.project, html)
    return await sides.oneplan.add_comment(work.held.kind, work.held.target, html)


async def _edit(work: _Work, copy: Comment, html: str) -> Comment:
    item = work.item.item
    return await work.desk.context.sides.azure_devops.edit_comment(item.id, item.project, copy.id, html)


async def _delete(work: _Work, side: Side, copy: Comment) -> None:
    sides, item = work.desk.context.sides, work.item.item
    if side is Side.AZURE_DEVOPS:
        await sides.azure_devops.delete_comment(item.id, item.project, copy.id)
    else:
        await sides.oneplan.delete_comment(work.held.kind, work.held.target, copy.id)
