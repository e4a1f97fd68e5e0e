"""WIQL's literals and macros, and held values, in one form in which they can be compared."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from local.azure_devops import errors
from local.azure_devops.calls import Call
from local.azure_devops.model import FieldDefinition, Identity

NUMBERS = {"System.Id", "System.Rev", "System.Watermark", "System.Parent"}
UNITS = {"d": timedelta(days=1), "w": timedelta(weeks=1), "h": timedelta(hours=1)}


@dataclass(frozen=True)
class Literals:
    """How one query's literals are understood. Without `precise` dates are days (section 5)."""

    call: Call
    precise: bool

    def value(self, name: str, field: FieldDefinition | None, text: str) -> Any:
        """The literal of a comparison with a field."""
        if text.startswith("@"):
            return self._macro(text)
        if field is not None and field.type == "dateTime":
            return self.moment(text)
        if name in NUMBERS or (field is not None and field.type in ("integer", "double")):
            return _number(text)
        if field is not None and field.type == "identity":
            return self._person(text)
        return text.strip("\\").casefold() if field is not None and field.type == "treePath" else text.casefold()

    def held(self, value: Any) -> Any:
        """A held value in the form of a literal; texts in lower case, dates as days unless precise."""
        match value:
            case Identity():
                return value.unique_name.casefold()
            case bool():
                return str(value).casefold()
            case int() | float():
                return float(value)
            case datetime():
                return value if self.precise else value.replace(hour=0, minute=0, second=0, microsecond=0)
            case date():
                return datetime(value.year, value.month, value.day, tzinfo=UTC)
            case str():
                return value.casefold()
            case _:
                return value

    def moment(self, text: str) -> datetime | None:
        """A date; one with a time is refused without timePrecision (section 5 [K] for the refusal)."""
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise errors.query_invalid(f"{text!r} is no date.") from None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if self.precise:
            return aware
        if re.search(r"\d[T ]\d", text) and self.call.world.on("date_time_refused"):
            raise errors.query_invalid(f"you cannot supply a time with the date {text!r} without timePrecision.")
        return aware.replace(hour=0, minute=0, second=0, microsecond=0)

    def _person(self, text: str) -> str:
        wanted = text[text.rfind("<") + 1 : -1].casefold() if text.endswith(">") else text.casefold()
        for one in self.call.world.organization.identities:
            if wanted in (one.unique_name.casefold(), one.display_name.casefold(), one.mail.casefold() or "-", one.id):
                return one.unique_name.casefold()
        return wanted

    def _macro(self, text: str) -> Any:
        name, _, shift = text.partition(" ")
        start = self._start(name.casefold())
        if start is not None:
            return start + _duration(shift)
        project = self.call.project()
        match name.casefold():
            case "@me":
                return self.call.by.unique_name.casefold()
            case "@project" if project:
                return project.name.casefold()
            case "@currentiteration" if project:
                return self._iteration()
            case _:
                raise errors.query_invalid(f"the macro {name} is unknown or needs a project.")

    def _start(self, name: str) -> datetime | None:
        """Starts of today, the week (Sunday), the month and the year, in UTC."""
        today = self.call.world.clock().replace(hour=0, minute=0, second=0, microsecond=0)
        starts = {
            "@today": today,
            "@startofday": today,
            "@startofweek": today - timedelta(days=(today.weekday() + 1) % 7),
            "@startofmonth": today.replace(day=1),
            "@startofyear": today.replace(month=1, day=1),
        }
        return starts.get(name)

    def _iteration(self) -> str:
        today = self.call.world.clock().date()
        nodes = self.call.need_project().iterations.walk()
        found = [one.path for one in nodes if one.start and one.finish and one.start <= today <= one.finish]
        if not found:
            raise errors.query_invalid("the team has no current iteration.")
        return found[-1].casefold()


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise errors.query_invalid(f"{text!r} is no number.") from None


def _duration(shift: str) -> timedelta:
    parsed = re.fullmatch(r"([+-]?)\s*(\d+)([a-z]?)", shift or "0d")
    if parsed is None or (parsed[3] or "d") not in UNITS:
        raise errors.query_invalid(f"{shift!r} shifts no date.")
    return UNITS[parsed[3] or "d"] * int(parsed[2]) * (-1 if parsed[1] == "-" else 1)
