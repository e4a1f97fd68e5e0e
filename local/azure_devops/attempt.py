"""Writes that may be taken back: all of a batch or none of it, and a write that is only validated."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from local.azure_devops.links import Announce, Event
from local.azure_devops.model import Organization, Relation, Update, WorkItem


class Announcements:
    """Tells of events at once, or holds them back while it is not yet certain that they happened."""

    def __init__(self, announce: Announce) -> None:
        self._announce = announce
        self._held: list[tuple[Event, WorkItem, Update | None]] | None = None

    def __call__(self, event: Event, item: WorkItem, update: Update | None) -> None:
        if self._held is None:
            self._announce(event, item, update)
        else:
            self._held.append((event, item, update))

    def hold(self) -> None:
        self._held = []

    def release(self, *, happened: bool) -> None:
        held, self._held = self._held or [], None
        for event in held if happened else []:
            self._announce(*event)


@dataclass
class Attempt:
    """What is written meanwhile stays, unless `undone` is set."""

    undone: bool = False


class _Before:
    """The organization as it was, so far as writes to items change it."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._numbers = organization.next_id, organization.watermark, len(organization.link_changes)
        self._items = {id_: _lengths(item) for id_, item in organization.items.items()}

    def restore(self) -> None:
        """Nothing written since is there."""
        organization = self._organization
        organization.next_id, organization.watermark, rows = self._numbers
        del organization.link_changes[rows:]
        for id_ in organization.items.keys() - self._items.keys():
            del organization.items[id_]
        for id_, (revisions, updates, comments, relations, project) in self._items.items():
            item = organization.items[id_]
            del item.revisions[revisions:], item.updates[updates:], item.comments[comments:]
            item.relations, item.project_id = relations, project


def _lengths(item: WorkItem) -> tuple[int, int, int, list[Relation], str]:
    return len(item.revisions), len(item.updates), len(item.comments), list(item.relations), item.project_id


@contextmanager
def attempt(organization: Organization, announcements: Announcements) -> Iterator[Attempt]:
    """Writes that are undone as a whole where `undone` is set or one raises. Events go out only if they stay."""
    made, before = Attempt(), _Before(organization)
    announcements.hold()
    try:
        yield made
    except BaseException:
        made.undone = True
        raise
    finally:
        if made.undone:
            before.restore()
        announcements.release(happened=not made.undone)
