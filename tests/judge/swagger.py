"""Swagger 2.0 of Azure DevOps, as operations and plain JSON Schemas.

The specification writes "any value" as `{"type": "object"}`, writes inheritance as `allOf`, and gives lists as
bare arrays although they travel as `{"count", "value"}` (ado-api.md section 1).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

type Json = dict[str, Any]

KEPT = ("type", "format", "enum", "required", "minimum", "maximum")
VERBS = ("get", "post", "put", "patch", "delete", "head", "options")


def read_areas(folder: Path) -> Json:
    """All areas under the folder as one document of operations and definitions, named `area.Name`."""
    document: Json = {"system": "azure_devops", "base": "", "operations": {}, "definitions": {}}
    for path in sorted(folder.glob("*/*.json")):
        source = json.loads(path.read_text(encoding="utf-8"))
        area = path.parent.name
        for name in sorted(source["definitions"]):
            document["definitions"][f"{area}.{name}"] = _definition(source, name, area)
        document["operations"] |= _operations(source, area)
    return document


def _operations(source: Json, area: str) -> Json:
    found: Json = {}
    for path, method, operation in _entries(source):
        parameters = [_resolved(source, parameter) for parameter in operation["parameters"]]
        plain, _, variant = path.partition("?")
        key = f"{method.upper()} {_relaxed(plain, parameters)}" + (f"?{variant}" if variant or "?" in path else "")
        found[key] = _operation(operation, parameters, area, source["host"])
    return found


def _entries(source: Json) -> Iterator[tuple[str, str, Json]]:
    for section in ("paths", "x-ms-paths"):
        for path, item in sorted(source.get(section, {}).items()):
            yield from ((path, verb, item[verb]) for verb in VERBS if verb in item)


def _relaxed(path: str, parameters: list[Json]) -> str:
    """Segments marked `x-ms-required: false`, and an organization left out, are written `[/{name}]`."""
    optional = {each["name"] for each in parameters if each["in"] == "path" and each.get("x-ms-required") is False}
    relaxed = path.rstrip("/")
    for name in sorted(optional - {"organization"}):
        relaxed = relaxed.replace(f"/{{{name}}}", f"[/{{{name}}}]")
    return relaxed if relaxed.startswith("/{organization}") else "[/{organization}]" + relaxed


def _operation(operation: Json, parameters: list[Json], area: str, host: str) -> Json:
    answers = operation["responses"]
    made: Json = {
        "area": area,
        "host": host,
        "version": _version(parameters),
        "path": _path(parameters),
        "query": {each["name"]: _query(each) for each in parameters if each["in"] == "query" and not _is_version(each)},
        "statuses": sorted(int(code) for code in answers),
    }
    if bodies := [each["schema"] for each in parameters if each["in"] == "body"]:
        made["consumes"] = operation.get("consumes", ["application/json"])
        made["body"] = schema_of(bodies[0], area)
    made |= _answer(operation, answers["200"], area)
    return made


def _answer(operation: Json, answer: Json, area: str) -> Json:
    schema = answer.get("schema")
    if schema is None:
        return {}
    if schema.get("format") == "Stream" or operation.get("produces", ["application/json"])[0] != "application/json":
        return {"produces": operation["produces"]}
    return {"answer": _wrapped(schema_of(schema, area))}


def _wrapped(schema: Json) -> Json:
    if schema.get("type") != "array":
        return schema
    members = {"count": {"type": "integer"}, "value": schema}
    return {"type": "object", "properties": members, "required": ["count", "value"]}


def _path(parameters: list[Json]) -> Json:
    """Kinds of the placeholders that are not any text."""
    kinds = {each["name"]: _query(each) for each in parameters if each["in"] == "path"}
    return {name: kind | {"required": None} for name, kind in kinds.items() if kind.keys() - {"required"} - {"type"}}


def _version(parameters: list[Json]) -> str:
    declared = next(each["description"] for each in parameters if _is_version(each))
    return str(declared.split("'")[1])


def _is_version(parameter: Json) -> bool:
    return bool(parameter["name"] == "api-version")


def _query(parameter: Json) -> Json:
    schema = {name: parameter[name] for name in ("type", "format", "enum") if name in parameter}
    return schema | ({"required": True} if parameter.get("required") else {})


def _resolved(source: Json, parameter: Json) -> Json:
    if "$ref" not in parameter:
        return parameter
    return dict(source["parameters"][parameter["$ref"].rsplit("/", 1)[1]])


def _definition(source: Json, name: str, area: str) -> Json:
    """The definition with the members of its bases merged in, so that it can be closed."""
    own = source["definitions"][name]
    made = schema_of({key: value for key, value in own.items() if key != "allOf"}, area)
    for base in own.get("allOf", []):
        if "$ref" not in base:
            return schema_of(base, area)
        inherited = _definition(source, base["$ref"].rsplit("/", 1)[1], area)
        made = inherited | made | _merged_members(inherited, made)
    return made


def _merged_members(inherited: Json, own: Json) -> Json:
    members = inherited.get("properties", {}) | own.get("properties", {})
    return {"properties": dict(sorted(members.items()))} if members else {}


def schema_of(schema: Json, area: str) -> Json:
    """The JSON Schema of a swagger schema; `{}` where any value may stand."""
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{area}.{schema['$ref'].rsplit('/', 1)[1]}"}
    made = {name: schema[name] for name in KEPT if name in schema}
    if schema.get("properties"):
        made["properties"] = {
            name: schema_of(schema["properties"][name], area) for name in sorted(schema["properties"])
        }
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict):
            made[inner] = schema_of(schema[inner], area)
    return {} if made == {"type": "object"} and "properties" not in schema else made
