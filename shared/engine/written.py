"""What was written to a pair, and what its sides refused of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shared.core.model import Raw, Side
from shared.core.snapshots import Counterpart, ItemSnapshot


@dataclass(frozen=True, slots=True)
class Written:
    """Both sides after the writes, what each was sent, and what each refused and why, by the name of the field.

    `new`: the counterpart was made right now, so that nobody has edited it yet.
    """

    item: ItemSnapshot
    counterpart: Counterpart
    sent: Mapping[Side, Mapping[str, Raw]] = field(default_factory=dict)
    refused: Mapping[Side, Mapping[str, str]] = field(default_factory=dict)
    moved: bool = False
    rehung: bool = False
    new: bool = False

    def sent_to(self, side: Side) -> Mapping[str, Raw]:
        return self.sent.get(side, {})

    def refused_by(self, side: Side) -> Mapping[str, str]:
        return self.refused.get(side, {})

    def with_sent(self, side: Side, values: Mapping[str, Raw]) -> "Written":
        """The side was sent these values, too."""
        return replace(self, sent={**self.sent, side: {**self.sent_to(side), **values}})

    def with_refused(self, side: Side, reasons: Mapping[str, str]) -> "Written":
        """The side refused these fields, too."""
        return replace(self, refused={**self.refused, side: {**self.refused_by(side), **reasons}})
