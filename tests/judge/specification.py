"""What one system promises: its operations and definitions, corrected."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from tests.judge.corrections import CORRECTIONS
from tests.judge.patches import corrected

type Json = dict[str, Any]
type System = Literal["azure_devops", "oneplan"]

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Operation:
    """One operation of the reference; `key` is its method and path."""

    key: str
    method: str
    pattern: re.Pattern[str]
    query: Json
    statuses: frozenset[int]
    version: str | None = None
    path: Json = field(default_factory=dict)
    consumes: tuple[str, ...] = ()
    produces: tuple[str, ...] = ("application/json",)
    body: Json | None = None
    body_required: bool = False
    answer: Json | None = None
    binary: bool = False

    @property
    def required_query(self) -> set[str]:
        return {name for name, schema in self.query.items() if schema.get("required")}

    @property
    def literals(self) -> int:
        """How specific the path is: fixed segments beat placeholders."""
        return len(re.findall(r"/(?!\{)", self.key))


@dataclass(frozen=True)
class Specification:
    """Operations and definitions of one system."""

    system: System
    base: str
    operations: tuple[Operation, ...]
    definitions: Json

    @cached_property
    def _by_method(self) -> dict[str, list[Operation]]:
        found: dict[str, list[Operation]] = {}
        for operation in sorted(self.operations, key=lambda each: -each.literals):
            found.setdefault(operation.method, []).append(operation)
        return found

    def find(self, method: str, path: str, query: set[str]) -> Operation | None:
        """The most specific operation; among variants of one path, the one whose required query is there."""
        found = list(self._matching(method, path))
        if not found:
            return None
        same = [each for each in found if each.literals == found[0].literals]
        met = [each for each in same if each.required_query <= query]
        return max(met, key=lambda each: (len(each.required_query), len(each.query))) if met else same[-1]

    def methods(self, path: str) -> set[str]:
        """The methods that the path knows."""
        return {method for method in self._by_method if any(self._matching(method, path))}

    def _matching(self, method: str, path: str) -> Iterator[Operation]:
        if not path.startswith(self.base):
            return
        rest = path.removeprefix(self.base).rstrip("/")
        yield from (each for each in self._by_method.get(method, []) if each.pattern.fullmatch(rest))


@cache
def read_specification(system: System) -> Specification:
    """The specification of the system, from `data/`, with the corrections applied."""
    written = json.loads((DATA / f"{system}.json").read_text(encoding="utf-8"))
    document = corrected(written, CORRECTIONS[system])
    operations = tuple(_operation(key, made) for key, made in document["operations"].items())
    return Specification(system, document["base"], operations, document["definitions"])


def _operation(key: str, made: Json) -> Operation:
    method, _, route = key.partition(" ")
    return Operation(
        key=key,
        method=method,
        pattern=path_pattern(route.partition("?")[0]),
        query=made["query"],
        statuses=frozenset(made["statuses"]),
        version=made.get("version"),
        path=made.get("path", {}),
        consumes=tuple(made.get("consumes", ())),
        produces=tuple(made.get("produces", ("application/json",))),
        body=made.get("body"),
        body_required=made.get("body_required", "body" in made),
        answer=made.get("answer"),
        binary="produces" in made,
    )


def path_pattern(route: str) -> re.Pattern[str]:
    """A pattern for the path; `[/{name}]` may be left out, and only `{path}` spans segments."""
    pieces = re.split(r"(\[/\{\w+\}\]|\{\w+\})", route)
    return re.compile("".join(_piece(each) for each in pieces), re.IGNORECASE)


def _piece(piece: str) -> str:
    if not re.fullmatch(r"\[/\{\w+\}\]|\{\w+\}", piece):
        return re.escape(piece)
    name = piece.strip("[]/{}")
    matched = f"(?P<{name}>.+)" if name == "path" else f"(?P<{name}>(?!_apis(?:/|$))[^/]+)"
    return f"(?:/{matched})?" if piece.startswith("[") else matched


def path_values(operation: Operation, base: str, path: str) -> dict[str, str]:
    """The decoded values of the placeholders."""
    found = operation.pattern.fullmatch(path.removeprefix(base).rstrip("/"))
    return {name: unquote(value) for name, value in found.groupdict().items() if value} if found else {}
