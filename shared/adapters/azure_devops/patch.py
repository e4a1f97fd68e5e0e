"""A JSON Patch for one work item, guarded by its revision (ado-api.md section 6)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.adapters.azure_devops.model import HYPERLINK, PARENT, Relation
from shared.core.hyperlinks import Hyperlink, lacks, surplus

Operation = dict[str, Any]
TAGS = "System.Tags"


@dataclass(frozen=True)
class Patch:
    """What is to change. Each method gives a new patch; `operations` is what is sent.

    The test of the revision comes first. Relations are removed from the highest index down, whatever the order in
    which they were asked for: each removal moves those after it.
    """

    rev: int | None = None
    fields: tuple[Operation, ...] = ()
    removed: frozenset[int] = frozenset()
    added: tuple[Operation, ...] = ()

    @classmethod
    def at(cls, rev: int) -> "Patch":
        """A patch that is refused (Stale) where the item has another revision. The test guards no link."""
        return cls(rev=rev)

    @property
    def empty(self) -> bool:
        return not (self.fields or self.removed or self.added)

    @property
    def operations(self) -> list[Operation]:
        test = [] if self.rev is None else [{"op": "test", "path": "/rev", "value": self.rev}]
        removals = [{"op": "remove", "path": f"/relations/{index}"} for index in sorted(self.removed, reverse=True)]
        return [*test, *self.fields, *removals, *self.added]

    def set(self, reference_name: str, value: Any) -> "Patch":
        """The field gets the value; None clears it."""
        path = f"/fields/{reference_name}"
        operation = {"op": "remove", "path": path} if value is None else {"op": "add", "path": path, "value": value}
        return self._with_field(operation)

    def markdown(self, reference_name: str) -> "Patch":
        """The large text field is Markdown (section 5 [I])."""
        path = f"/multilineFieldsFormat/{reference_name}"
        return self._with_field({"op": "add", "path": path, "value": "Markdown"})

    def tags(self, names: Iterable[str]) -> "Patch":
        """The item has exactly these tags: "replace" sets the whole, "add" may add to those there (section 6 [K])."""
        joined = "; ".join(dict.fromkeys(name.strip() for name in names if name.strip()))
        return self._with_field({"op": "replace", "path": f"/fields/{TAGS}", "value": joined})

    def parent(self, relations: Sequence[Relation], url: str | None) -> "Patch":
        """The item hangs below `url` (None: below nothing). `relations` as read right before: links move no revision.

        The old link is removed and the new one added in one patch.
        """
        moved = self._without(relations, lambda one: one.rel == PARENT)
        return moved.link(PARENT, url) if url else moved

    def hyperlink(self, url: str, comment: str) -> "Patch":
        return self.link(HYPERLINK, url, comment)

    def only_hyperlink(self, relations: Sequence[Relation], wanted: str | None, comment: str) -> "Patch":
        """The item has one hyperlink to `wanted`, and no other one with our comment. `relations` as read right before.

        Without relations nothing is removed.
        """
        places = [place for place, one in enumerate(relations) if one.rel == HYPERLINK]
        there = hyperlinks_of([relations[place] for place in places], comment)
        removed = self.removed | {places[place] for place in surplus(there, wanted)}
        patch = replace(self, removed=removed)
        return patch.hyperlink(wanted, comment) if wanted and lacks(there, wanted) else patch

    def link(self, rel: str, url: str, comment: str = "") -> "Patch":
        attributes = {"attributes": {"comment": comment}} if comment else {}
        operation = {"op": "add", "path": "/relations/-", "value": {"rel": rel, "url": url, **attributes}}
        return replace(self, added=(*self.added, operation))

    def _with_field(self, operation: Operation) -> "Patch":
        return replace(self, fields=(*self.fields, operation))

    def _without(self, relations: Sequence[Relation], gone: Callable[[Relation], bool]) -> "Patch":
        indexes = {index for index, one in enumerate(relations) if gone(one)}
        return replace(self, removed=self.removed | indexes)


def hyperlinks_of(relations: Iterable[Relation], comment: str) -> tuple[Hyperlink, ...]:
    """Those of the relations that are hyperlinks; ours carry our comment."""
    found = (one for one in relations if one.rel == HYPERLINK)
    return tuple(Hyperlink(one.url, bool(comment) and one.comment == comment) for one in found)


def tags_of(value: Any) -> tuple[str, ...]:
    """The tags in a System.Tags value: one string "a; b" (section 6)."""
    return tuple(tag.strip() for tag in str(value or "").split(";") if tag.strip())
