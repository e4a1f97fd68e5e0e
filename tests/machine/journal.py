"""What people did, written down as they did it, and what must have become of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

type SideName = Literal["azure-devops", "oneplan"]
# The values of these fields are unique to their edit, so each can be looked for wherever it may have gone.
TRACED = ("title", "start", "due")


@dataclass(frozen=True)
class Edit:
    """A person gave a field of an item a value, and saw `replaced` there before.

    `in_window`: right before our own write of that record arrived, where OnePlan has nothing that would refuse it.
    """

    number: int
    side: SideName
    item: int
    field: str
    value: str
    replaced: str
    in_window: bool = False

    @property
    def token(self) -> str:
        """What of the value is looked for in records, whatever quotation marks become there."""
        return " ".join(self.value.split()[:2])


@dataclass
class Journal:
    """All edits of a program.

    `deleted` are the work items that people deleted, with the number of edits before that, whether they were restored
    or not; or of whose two tasks people removed one, or the only one when it was not connected yet. `removed` are those
    whose task people deleted in OnePlan.
    """

    edits: list[Edit] = field(default_factory=list)
    deleted: dict[int, int] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    windows: int = 0

    def note(self, edit: Edit) -> None:
        self.edits.append(edit)
        self.windows += edit.in_window

    def lost(self, present: Mapping[tuple[int, str], Collection[str]], recorded: str) -> list[Edit]:
        """The edits that are nowhere: neither on a side, nor in what is recorded, nor replaced by a person who saw
        them, nor on an item that people deleted afterwards."""
        replaced = {(edit.item, edit.field, edit.replaced) for edit in self.edits}
        return [
            edit
            for place, edit in enumerate(self.edits)
            if edit.field in TRACED
            and edit.value not in present.get((edit.item, edit.field), ())
            and (edit.item, edit.field, edit.value) not in replaced
            and edit.token not in recorded
            and place >= self.deleted.get(edit.item, 0)
            and edit.item not in self.removed
        ]
