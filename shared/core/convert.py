"""Values between the two sides: each kind has a canonical form in which both compare, and a raw form on each side."""

from dataclasses import dataclass, field, replace
from datetime import date

from shared.core import attachments, choices, numbers, paths, rich_text, tags, texts
from shared.core.mapping import FieldPair
from shared.core.model import Canonical, Raw, Side, Unconvertible
from shared.core.people import Directory


@dataclass(frozen=True)
class Converter:
    """Converts the values of one connection, and of one work item type, since value maps may differ by type.

    `default_owner` is the OnePlan id of who owns a plan of nobody.
    """

    people: Directory
    default_owner: str | None = None
    type_name: str = ""
    iterations: paths.Iterations = field(default_factory=paths.Iterations)

    def for_item(self, type_name: str, iterations: paths.Iterations | None = None) -> "Converter":
        """The converter for the values of a work item of that type, in the team project with these iterations."""
        return replace(self, type_name=type_name, iterations=iterations or self.iterations)

    def canonical(self, side: Side, pair: FieldPair, raw: Raw) -> Canonical | Unconvertible:
        """The common form of a raw value; None for an empty one. What has none has a reason in plain words."""
        if pair.kind != "flag" and rich_text.is_empty(raw):
            return None
        match pair.kind:
            case "text":
                return texts.canonical(raw)
            case "rich-text":
                return rich_text.canonical(raw)
            case "links":
                return attachments.canonical(side, raw)
            case "date":
                return _day(raw)
            case "number" | "percent" | "flag":
                return numbers.canonical(side, pair.kind, raw)
            case "path":
                return paths.canonical(raw)
            case "iteration":
                return paths.iteration(side, raw, self.iterations)
            case "choice":
                return choices.canonical(side, raw, pair.values.of(self.type_name), _name(side, pair))
            case "tags":
                return tags.canonical(side, raw, pair.values.of(self.type_name), _name(side, pair))
            case "owner":
                return self._person(side, raw)
            case "people":
                return self._people(side, raw)

    def raw(self, side: Side, pair: FieldPair, value: Canonical, there: Raw = None) -> Raw | Unconvertible:
        """What the side is sent for a canonical value; None empties the field.

        `there` is what its field holds now: a Markdown field is sent Markdown, tags keep their spelling, and what
        people wrote beside our links stays.
        """
        match pair.kind:
            case "text":
                return texts.written(side, value)
            case "rich-text":
                return rich_text.written(side, value, there)
            case "links":
                return attachments.written(value, there)
            case "date":
                return f"{value.isoformat()}T00:00:00Z" if isinstance(value, date) else None
            case "number" | "percent" | "flag":
                return numbers.written(side, pair.kind, value)
            case "path":
                return paths.written(side, value)
            case "iteration":
                return paths.iteration_written(side, value, self.iterations)
            case "choice":
                return choices.written(side, value, pair.values.of(self.type_name))
            case "tags":
                return tags.written(side, value, pair.values.of(self.type_name), there)
            case "owner":
                return self._owner(side, value)
            case "people":
                return self._assigned(side, value)

    def _person(self, side: Side, raw: Raw) -> Canonical | Unconvertible:
        if side is Side.ONEPLAN:
            return str(raw).casefold()
        found = self.people.match(str(raw))
        return found.casefold() if found else Unconvertible(f"nobody in OnePlan matches {raw}")

    def _people(self, side: Side, raw: Raw) -> Canonical | Unconvertible:
        """Azure DevOps assigns to one person, OnePlan to several."""
        if side is Side.ONEPLAN:
            return tuple(sorted(str(one).casefold() for one in (raw if isinstance(raw, tuple) else (raw,))))
        found = self._person(side, raw)
        return found if isinstance(found, Unconvertible) else (found,)

    def _owner(self, side: Side, value: Canonical) -> Raw | Unconvertible:
        """A plan is never without an owner (R23), so in OnePlan nobody is the default owner."""
        if side is Side.ONEPLAN:
            return str(value) if value else self.default_owner
        return self._in_azure_devops(value) if value else None

    def _assigned(self, side: Side, value: Canonical) -> Raw | Unconvertible:
        several = value if isinstance(value, tuple) else ()
        if side is Side.ONEPLAN:
            return tuple(str(one) for one in several)
        if len(several) > 1:
            return Unconvertible(f"{len(several)} people are assigned; a work item takes one")
        return self._in_azure_devops(several[0]) if several else None

    def _in_azure_devops(self, person: Canonical) -> Raw | Unconvertible:
        found = self.people.unique_name(str(person))
        return found or Unconvertible("the person has no mail address in OnePlan by which Azure DevOps knows anybody")


def _name(side: Side, pair: FieldPair) -> str:
    return pair.azure_devops if side is Side.AZURE_DEVOPS else pair.oneplan


def _day(raw: Raw) -> Canonical | Unconvertible:
    """The day of a date as text; times of the day do not count, so a fraction or an offset makes no difference."""
    try:
        return date.fromisoformat(str(raw)[:10])
    except ValueError:
        return Unconvertible(f"{raw!r} is no date")
