"""The messages on the work queues. They carry identity and cause, never values (design.md, The one idea)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

VERSION = 1

type Side = Literal["azure-devops", "oneplan"]
type Cause = Literal["hook", "save", "timer", "person"]
type Kind = Literal["item", "full", "incremental", "tree", "run", "page", "hooks", "projects", "probe", "remove"]
type QueueName = Literal["sync-interactive", "sync-hooks", "sync-timers", "sync-bulk"]

QUEUES: tuple[QueueName, ...] = get_args(QueueName.__value__)


class UnreadableMessage(Exception):
    """A queue message is not one of ours, or of a newer version than this app knows."""


@dataclass(frozen=True)
class Seen:
    """What a notification said of the item. It may end work early; it never feeds a write.

    `parent` is the parent's id, 0 for none, None where the notification does not tell; `left` a parent that it has no
    more. Without `rev` only a link changed, as the notification of the link's other end tells. `moved`: this very
    change hung it below another item, or below none.
    """

    rev: int | None = None
    parent: int | None = None
    left: int | None = None
    moved: bool = False


@dataclass(frozen=True)
class SyncMessage:
    """One piece of work: an item of one side, a sync that is due, a run to go on with, or a page of it.

    `item` is a work item's or plan's id, or the number of a page.
    """

    connection: str
    cause: Cause
    kind: Kind = "item"
    side: Side | None = None
    item: str | None = None
    event: str | None = None
    run: str | None = None
    attempt: int = 0
    traceparent: str | None = None
    seen: Seen | None = None
    v: int = VERSION

    def encode(self) -> str:
        """JSON without the members that say nothing."""
        members = {name: value for name, value in asdict(self).items() if value is not None}
        if self.seen is not None:
            told = asdict(self.seen).items()
            members["seen"] = {name: value for name, value in told if value is not None and value is not False}
        return json.dumps(members, separators=(",", ":"), ensure_ascii=False)


def decode(text: str) -> SyncMessage:
    """The message that the text holds; UnreadableMessage says why it holds none."""
    try:
        members: dict[str, Any] = json.loads(text)
        if members["v"] > VERSION:
            raise UnreadableMessage(f"message version {members['v']} is newer than {VERSION}: update this app")
        seen = members.pop("seen", None)
        return _checked(SyncMessage(**members, seen=_seen(seen) if seen is not None else None))
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableMessage(f"not a sync message: {error}") from error


def _seen(members: Mapping[str, Any]) -> Seen:
    """What a later version says besides is for that version."""
    known = {one.name for one in fields(Seen)}
    return Seen(**{name: value for name, value in members.items() if name in known})


def _checked(message: SyncMessage) -> SyncMessage:
    if message.cause not in get_args(Cause.__value__) or message.kind not in get_args(Kind.__value__):
        raise ValueError(f"cause {message.cause!r} or kind {message.kind!r} is unknown")
    if message.kind == "item" and (not message.item or message.side not in get_args(Side.__value__)):
        raise ValueError("an item message needs side and item")
    if message.kind in ("run", "page") and (not message.run or (message.kind == "page" and not message.item)):
        raise ValueError(f"a {message.kind} message needs run, and a page its number")
    return message
