"""WIQL: the text as a tree (ado-api.md section 5; only what the service documents is understood)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from local.azure_devops.metadata.failures import Failure

_TOKEN = re.compile(
    r"""\s*(?:(?P<field>\[[^\]]+\](?:\.\[[^\]]+\])?)|(?P<text>'(?:[^']|'')*'|"[^"]*")|(?P<number>-?\s*\d+(?:\.\d+)?)"""
    r"""|(?P<macro>@\w+)|(?P<op><>|<=|>=|=|<|>)|(?P<mark>[(),+])|(?P<word>[A-Za-z_][\w.]*))""",
)


@dataclass(frozen=True)
class Condition:
    """One comparison. `scope` is Source or Target in a query over links."""

    field: str
    operator: str
    values: tuple[str, ...]
    scope: Literal["", "Source", "Target"] = ""


@dataclass(frozen=True)
class Group:
    """Comparisons joined by AND or OR, or one that is negated."""

    kind: Literal["AND", "OR", "NOT"]
    parts: "tuple[Group | Condition, ...]"


@dataclass
class Query:
    """`links`: FROM WorkItemLinks. `order`: (field, descending). `modes`: in upper case."""

    fields: list[str]
    links: bool
    where: "Group | Condition | None" = None
    order: list[tuple[str, bool]] = field(default_factory=list)
    modes: list[str] = field(default_factory=list)
    as_of: str = ""


def syntax_error(text: str) -> Failure:
    message = f"TF51006: The query statement is not valid. The error is near: {text[:80]}."
    return Failure(400, "WorkItemTrackingQueryException", message)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at, text = 0, text.strip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if not found or not found.lastgroup:
                raise syntax_error(text[at:])
            self.tokens.append((found.lastgroup, found.group(found.lastgroup)))
            at = found.end()
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at][1].upper() if self.at < len(self.tokens) else ""

    def next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise syntax_error("the end")
        self.at += 1
        return self.tokens[self.at - 1]

    def take(self, *words: str) -> bool:
        """True, and read, where these words come next."""
        ahead = tuple(value.upper() for _, value in self.tokens[self.at : self.at + len(words)])
        if ahead == words:
            self.at += len(words)
            return True
        return False

    def need(self, *words: str) -> None:
        if not self.take(*words):
            raise syntax_error(self.peek())


def parsed(text: str) -> Query:
    """The query; Failure TF51006 where it is none."""
    reader = _Reader(text)
    reader.need("SELECT")
    fields = _listed(reader, _name)
    reader.need("FROM")
    source = reader.next()[1].upper()
    if source not in ("WORKITEMS", "WORKITEMLINKS"):
        raise syntax_error(source)
    query = Query(fields, source == "WORKITEMLINKS")
    if reader.take("WHERE"):
        query.where = _either(reader)
    _tail(reader, query)
    return query


def _tail(reader: _Reader, query: Query) -> None:
    while reader.peek():
        if reader.take("ORDER", "BY"):
            query.order = _listed(reader, _ordering)
        elif reader.take("ASOF"):
            query.as_of = _value(reader)
        elif reader.take("MODE"):
            reader.need("(")
            query.modes = [name.upper() for name in _listed(reader, _name)]
            reader.need(")")
        else:
            raise syntax_error(reader.peek())


def _listed[T](reader: _Reader, one: Callable[[_Reader], T]) -> list[T]:
    """One or more, with commas between them."""
    found = [one(reader)]
    while reader.take(","):
        found.append(one(reader))
    return found


def _name(reader: _Reader) -> str:
    kind, value = reader.next()
    if kind not in ("field", "word"):
        raise syntax_error(value)
    return value.strip("[]")


def _ordering(reader: _Reader) -> tuple[str, bool]:
    name = _name(reader)
    descending = reader.take("DESC")
    if not descending:
        reader.take("ASC")
    return name, descending


def _either(reader: _Reader) -> Group | Condition:
    parts = [_both(reader)]
    while reader.take("OR"):
        parts.append(_both(reader))
    return parts[0] if len(parts) == 1 else Group("OR", tuple(parts))


def _both(reader: _Reader) -> Group | Condition:
    parts = [_one(reader)]
    while reader.take("AND"):
        parts.append(_one(reader))
    return parts[0] if len(parts) == 1 else Group("AND", tuple(parts))


def _one(reader: _Reader) -> Group | Condition:
    if reader.take("NOT"):
        return Group("NOT", (_one(reader),))
    if reader.take("("):
        inner = _either(reader)
        reader.need(")")
        return inner
    return _comparison(reader)


def _comparison(reader: _Reader) -> Condition:
    kind, value = reader.next()
    if kind not in ("field", "word"):
        raise syntax_error(value)
    first, dot, second = value.partition("].[")
    scope: Literal["", "Source", "Target"] = ""
    if dot:
        scope = "Source" if first.strip("[]").upper() == "SOURCE" else "Target"
    name, operator = (second or first).strip("[]"), _operator(reader)
    if operator not in ("IN", "NOT IN"):
        return Condition(name, operator, (_value(reader),), scope)
    reader.need("(")
    values = _listed(reader, _value)
    reader.need(")")
    return Condition(name, operator, tuple(values), scope)


_PHRASES = (
    ("NOT", "CONTAINS", "WORDS"),
    ("CONTAINS", "WORDS"),
    ("NOT", "CONTAINS"),
    ("NOT", "UNDER"),
    ("NOT", "IN"),
    ("NOT", "EVER"),
    ("WAS", "EVER"),
    ("EVER",),
)


def _operator(reader: _Reader) -> str:
    found = next((words for words in _PHRASES if reader.take(*words)), None)
    if found:
        return " ".join(found).removeprefix("WAS ")
    value = reader.next()[1].upper()
    if value not in ("=", "<>", "<", ">", "<=", ">=", "IN", "UNDER", "CONTAINS"):
        raise syntax_error(value)
    return value


def _value(reader: _Reader) -> str:
    """A literal; a macro with its shift as `@Name -3d`, whether it was written `@Name - 3` or `@Name('-3d')`."""
    kind, value = reader.next()
    if kind == "text":
        return value[1:-1].replace("''", "'")
    if kind == "macro":
        return f"{value} {_shift(reader)}".strip()
    if kind == "number" or (kind == "word" and value.upper() in ("TRUE", "FALSE")):
        return value
    raise syntax_error(value)


def _shift(reader: _Reader) -> str:
    if reader.take("("):
        text = _value(reader)
        reader.need(")")
        return text
    plus = reader.take("+")
    if plus or reader.peek().startswith("-"):
        return f"{reader.next()[1]}d".replace("- ", "-")
    return ""
