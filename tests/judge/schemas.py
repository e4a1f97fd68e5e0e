"""Strict validators, compiled once.

The data holds the schemas as the specifications mean them; here they become strict: objects that name members are
closed, dates get the form that the system writes, and only what may be null may be null.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import jsonschema_rs

from tests.judge.specification import Specification

type Json = dict[str, Any]
type Direction = Literal["request", "response"]

ANY_VALUE: Json = {"type": ["array", "boolean", "number", "object", "string"]}
ROOT = "urn:judge"
_DAY = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
_OFFSET = r"(?:Z|[+-]\d\d:\d\d)"

# ado-api.md section 7 [R]: UTC with 0 to 3 fraction digits in fields, up to 7 elsewhere; the least date has no Z.
AZURE_DEVOPS_FIELD_DATE = re.compile(rf"{_DAY}(?:\.\d{{1,3}})?Z|0001-01-01T00:00:00")
AZURE_DEVOPS_DATE = re.compile(rf"{_DAY}(?:\.\d{{1,7}})?Z|0001-01-01T00:00:00")
# oneplan-api.md sections 2 and 12 [DOCUMENTED samples]: seven digits and an offset.
ONEPLAN_DATE = re.compile(rf"{_DAY}\.\d{{7}}[+-]\d\d:\d\d")
SENT_DATE = re.compile(rf"{_DAY}(?:\.\d{{1,7}})?{_OFFSET}?|\d{{4}}-\d\d-\d\d")


def matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """A format check by that pattern."""
    return lambda text: pattern.fullmatch(text) is not None


@dataclass
class Schemas:
    """The validators of one specification, by direction and schema."""

    specification: Specification
    _registries: dict[str, jsonschema_rs.Registry] = field(default_factory=dict)
    _compiled: dict[tuple[str, str], jsonschema_rs.Draft202012Validator] = field(default_factory=dict)

    def errors(self, key: str, direction: Direction, schema: Json, value: Any) -> Iterator[tuple[str, str, str]]:
        """(rule, place, message) of each difference; `key` names the schema for the cache."""
        for error in self._validator(key, direction, schema).iter_errors(value):
            yield from _told(error)

    def _validator(self, key: str, direction: Direction, schema: Json) -> jsonschema_rs.Draft202012Validator:
        if (key, direction) not in self._compiled:
            self._compiled[key, direction] = jsonschema_rs.Draft202012Validator(
                self._strict(schema, direction),
                registry=self._registry(direction),
                validate_formats=True,
                formats=self._formats(direction),
            )
        return self._compiled[key, direction]

    def _registry(self, direction: Direction) -> jsonschema_rs.Registry:
        if direction not in self._registries:
            named = self.specification.definitions.items()
            made = {name: self._strict(schema, direction) for name, schema in named}
            self._registries[direction] = jsonschema_rs.Registry([(ROOT, {"$defs": made})])
        return self._registries[direction]

    def _formats(self, direction: Direction) -> dict[str, Callable[[str], bool]]:
        written = AZURE_DEVOPS_DATE if self.specification.system == "azure_devops" else ONEPLAN_DATE
        return {
            "remote-date": matches(written if direction == "response" else SENT_DATE),
            "field-date": matches(AZURE_DEVOPS_FIELD_DATE),
        }

    def _strict(self, schema: Any, direction: Direction) -> Any:
        nullable = self.specification.system == "oneplan" and direction == "response"
        return strict(schema, every_member_nullable=nullable, any_value={} if nullable else ANY_VALUE)


def _told(error: jsonschema_rs.ValidationError) -> Iterator[tuple[str, str, str]]:
    """The difference itself; where null or a value may stand, what is wrong with the value."""
    kind = error.kind
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.AnyOf):
        deeper = [each for each in kind.context[0] if error.instance_path != each.instance_path]
        if deeper:
            yield from (found for each in deeper for found in _told(each))
            return
    yield kind.name, "/".join(str(step) for step in error.instance_path), error.message[:300]


def strict(schema: Any, *, every_member_nullable: bool, any_value: Json) -> Any:
    """The schema, closed; members may be null where they say so, or all of them (OnePlan's answers do)."""

    def inner(each: Any) -> Any:
        return strict(each, every_member_nullable=every_member_nullable, any_value=any_value)

    if schema == {}:
        return any_value
    made = dict(schema)
    may_be_null = made.pop("nullable", False)
    if made == {}:
        return {}
    if "$ref" in made:
        made["$ref"] = f"{ROOT}{made['$ref']}"
    if made.get("format") == "date-time":
        made["format"] = "remote-date"
    for name in ("items", "additionalProperties"):
        if isinstance(made.get(name), dict):
            made[name] = inner(made[name])
    for name in ("anyOf", "prefixItems"):
        if name in made:
            made[name] = [inner(each) for each in made[name]]
    for name in ("properties", "patternProperties"):
        if name in made:
            made[name] = {key: inner(each) for key, each in made[name].items()}
    if "properties" in made:
        made.setdefault("additionalProperties", False)
        if every_member_nullable:
            made["properties"] = {key: or_null(each) for key, each in made["properties"].items()}
    return or_null(made) if may_be_null else made


def or_null(schema: Json) -> Json:
    """The schema, or null."""
    return schema if schema == {} else {"anyOf": [schema, {"type": "null"}]}
