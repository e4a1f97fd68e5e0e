"""The hyperlink from a work item to the page of its plan or task (R30). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hyperlink:
    """A hyperlink of a work item. `ours`: this connection wrote it, by the comment that it carries."""

    url: str
    ours: bool = False

    def leads_to(self, url: str | None) -> bool:
        return url is not None and self.url.casefold() == url.casefold()


def surplus(there: Sequence[Hyperlink], wanted: str | None) -> tuple[int, ...]:
    """The places of those of ours that lead elsewhere, and of those beyond the first that lead where one is wanted.

    A person's own are never among them.
    """
    seen, found = any(one.leads_to(wanted) and not one.ours for one in there), list[int]()
    for place, one in enumerate(there):
        if one.ours and (seen or not one.leads_to(wanted)):
            found.append(place)
        seen = seen or one.leads_to(wanted)
    return tuple(found)


def lacks(there: Sequence[Hyperlink], wanted: str | None) -> bool:
    """Whether the wanted one is not among them."""
    return wanted is not None and not any(one.leads_to(wanted) for one in there)


def is_settled(there: Sequence[Hyperlink], wanted: str | None) -> bool:
    """Whether there is nothing to be written: the wanted one is there once, and none of ours leads elsewhere."""
    return not surplus(there, wanted) and not lacks(there, wanted)
