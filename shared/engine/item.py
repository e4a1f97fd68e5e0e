"""One work item by itself: after a notification, a save in OnePlan, or when what it waited for has arrived (R14, R18).

A notification whose revision and parent are recorded already ends after one table read. Edits of one item in a row
are taken together: what comes within three seconds of the last record is looked at once, at the end of them.
"""

from dataclasses import dataclass, field, replace
from math import ceil

from shared.core.ancestry import LeftOut
from shared.core.errors import NotOffered, Rejected, Stale
from shared.core.existence import Here
from shared.core.halves import agreed_half
from shared.core.snapshots import Counterpart, ItemSnapshot, work_item_id, work_item_key
from shared.engine.comments import keep_comments
from shared.engine.depart import UNREADABLE, Departed, depart
from shared.engine.desk import Desk
from shared.engine.hyperlinks import keep_hyperlink
from shared.engine.items import release_waiting
from shared.engine.order import follow_rank, is_ranked_anew
from shared.engine.parts import Context, Engine
from shared.engine.placing import subject_of
from shared.engine.reconcile import Outcome, reconcile
from shared.engine.requests import ABOVE_LEFT, REVISIT, send_item
from shared.engine.setup import kept_setup, read_setup
from shared.messages import Cause, QueueName, Seen
from shared.ports import Failure, Link, LostLease, Setup, StoredConnection
from shared.ports.remotes import Class, Sides

# Seconds: edits of one item in a row are taken together.
QUIET = 3.0
# Seconds by which two instances may disagree about the storage service's time.
SKEW = 0.5
ROUNDS = 4
# What a notification of these says is in the revision and the parent that it names.
TOLD = (None, "created", "updated", "commented")
OURS = (REVISIT, ABOVE_LEFT)


@dataclass(frozen=True, slots=True)
class Asked:
    """Why an item is looked at, and what was seen of it.

    `there` is its counterpart where it was read just now, and `half` the fingerprint of what OnePlan held by the link
    that was read before that: another may have written and recorded since, and `there` would look like an edit.
    `settles`: the caller counts the item as settled when the call ends, so LostLease is raised where another holds its
    pair. Others leave the item to him: should he be dead, his own message looks at it once more.
    `moved`: it is known to hang below another item than before.
    """

    queue: QueueName = "sync-hooks"
    cause: Cause = "hook"
    event: str | None = None
    seen: Seen | None = None
    there: Counterpart | None = None
    half: str = ""
    settles: bool = False
    moved: bool = False

    @property
    def concerns_below(self) -> bool:
        """What hangs below the item may belong elsewhere even though the item itself is left out: it was moved, came
        back, or something above it has changed."""
        moved = self.moved or (self.seen is not None and self.seen.moved)
        return moved or self.event in (REVISIT, "restored")


@dataclass
class _Look:
    """One look at one item."""

    context: Context
    number: int
    asked: Asked
    link: Link | None
    items: dict[int, ItemSnapshot] = field(default_factory=dict)

    @property
    def item(self) -> ItemSnapshot:
        return self.items[self.number]


async def reconcile_item(
    engine: Engine, connection: StoredConnection, number: int, for_: Class, asked: Asked | None = None
) -> Outcome | LeftOut | None:
    """What became of the work item; None where nothing was to be done. Raises what is to be tried again later."""
    asked = asked or Asked()
    link = await engine.links.get(connection.id, work_item_key(number))
    if link is not None and (_is_known(link, asked) or await _put_off(engine, connection, link, asked)):
        return None
    if link is None or asked.half != agreed_half(link.base):
        asked = replace(asked, there=None)
    async with engine.remotes.open(connection, for_) as sides:
        setup = await _setup(engine, connection, sides)
        context = Context(engine, connection, sides, setup, cause=asked.cause, queue=asked.queue)
        return await _in_rounds(_Look(context, number, asked, link))


def _is_known(link: Link, asked: Asked) -> bool:
    """True for what was recorded already: an echo, or a notification that came twice or late."""
    seen = asked.seen
    unfinished = link.retired is not None or link.arrived
    if link.state != "linked" or unfinished or asked.event not in TOLD or seen is None:
        return False
    parent = link.parent or 0
    known_parent = seen.parent == parent if seen.parent is not None else seen.left not in (None, parent)
    return known_parent and (seen.rev is None or seen.rev <= link.rev)


async def _put_off(engine: Engine, connection: StoredConnection, link: Link, asked: Asked) -> bool:
    """True where a later message looks at the item: this one ends, and so do those that come before it.

    The link says so before the message is sent: who dies in between has not ended his own message yet.
    """
    number = work_item_id(link.key)
    if asked.cause not in ("hook", "save") or link.state != "linked" or number is None:
        return False
    for _ in range(ROUNDS):
        now = await engine.pages.now()
        wait = ceil(link.at + QUIET - now)
        if wait <= 0:
            return False
        if asked.event not in OURS and link.revisit > now + SKEW:
            return True
        if await engine.links.put_off(connection.id, link, now + wait):
            await send_item(engine, connection.id, number, queue=asked.queue, cause=asked.cause, delay=wait)
            return True
        again = await engine.links.get(connection.id, link.key)
        if again is None:
            return False
        link = again
    return False


async def _in_rounds(look: _Look) -> Outcome | LeftOut | None:
    """Whoever holds the pair goes round once more for us; where it was only changed meanwhile, we look again.

    LostLease where another holds the pair of an item that is to be settled.
    """
    links, key = look.context.engine.links, work_item_key(look.number)
    for _ in range(ROUNDS):
        try:
            return await _looked(look)
        except LostLease:
            if await links.ask_again(look.context.id, key):
                if look.asked.settles:
                    raise
                return None
        except Stale:
            pass
        look = replace(look, link=await links.get(look.context.id, key), asked=replace(look.asked, there=None))
    raise Stale(f"work item {look.number} changed at each look")


async def _looked(look: _Look) -> Outcome | LeftOut | None:
    found = await look.context.sides.azure_devops.read([look.number])
    look = replace(look, items={one.item.id: one for one in found.items})
    desk = Desk(look.context, exact=True, read_first={work_item_key(look.number): look.link})
    if look.asked.there is not None:
        desk.fresh[look.asked.there.id] = look.asked.there
        desk.listed.add(look.asked.there.id)
    try:
        outcome = await (_there(desk, look) if look.number in look.items else _missing(desk, look))
    except Rejected as error:
        return await _failed(look, error)
    await look.context.engine.failures.remove(look.context.id, work_item_key(look.number))
    await release_waiting(look.context, desk)
    await _told_below(desk, look)
    return outcome


async def _failed(look: _Look, error: Rejected) -> LeftOut:
    title = look.items[look.number].item.title if look.number in look.items else ""
    steps = error.steps if isinstance(error, NotOffered) else ""
    failure = Failure(work_item_key(look.number), title, str(error), steps=steps)
    await look.context.engine.failures.add(look.context.id, failure)
    return LeftOut("exists", str(error))


async def _missing(desk: Desk, look: _Look) -> Outcome | None:
    """Not found is deleted or unreadable: the recycle bin tells which (ado-api.md section 5)."""
    deleted = look.number in await look.context.sides.azure_devops.deleted([look.number])
    here: Here = "deleted" if deleted else "unreadable"
    return Outcome(await depart(desk, None, here, look.link, reason=UNREADABLE))


async def _there(desk: Desk, look: _Look) -> Outcome | LeftOut:
    known = None if look.asked.event in OURS else look.link  # something above it has changed
    subject = await subject_of(desk, look.items, look.number, known)
    if isinstance(subject, LeftOut):
        return await _left_out(desk, look, subject)
    outcome = await reconcile(desk, subject)
    if outcome.arrived or (look.link is not None and look.link.arrived):
        desk.linked_now.add(look.item.key)
        await _look_below(desk, look)  # as it is now: what came below it during this look was placed by the old link
    if is_ranked_anew(look.link, look.item):
        await follow_rank(desk, look.item)
    await keep_hyperlink(desk, look.item)
    await keep_comments(desk, look.item)
    return outcome


async def _left_out(desk: Desk, look: _Look, left: LeftOut) -> Outcome | LeftOut:
    """The item is passed over: what hangs below it hangs below what is above it, wherever that is by now."""
    departed: Departed = "unchanged"
    connected = look.link is not None and bool(look.link.target)
    if connected:
        departed = await depart(desk, look.item, "out-of-scope", look.link, reason=left.reason)
    passes_on = look.asked.concerns_below or (look.asked.event == ABOVE_LEFT and not connected)
    if departed == "unchanged" and passes_on:
        for number in look.item.children:
            await desk.send(number)
    return Outcome(departed) if connected else left


async def _look_below(desk: Desk, look: _Look) -> None:
    """What hangs below an item that has arrived, come back or changed its kind may have to move below it.

    A new item has nothing below it yet, so it is not asked for.
    """
    if look.asked.event == "created":
        return
    for number in await desk.below(look.number):
        await desk.send(number)


async def _told_below(desk: Desk, look: _Look) -> None:
    """The link says no more that somebody still has to tell what hangs below the item."""
    key = work_item_key(look.number)
    link = desk.noted(key) or look.link
    if link is not None and key in desk.linked_now:
        await look.context.engine.links.told_below(look.context.id, link)


async def _setup(engine: Engine, connection: StoredConnection, sides: Sides) -> Setup:
    """As it was read last; read now where it never was."""
    return await kept_setup(engine, connection.id) or await read_setup(sides, connection.configuration)
