"""OpenAPI 3.0.3 of OnePlan, as operations and plain JSON Schemas.

Enumerations are written there as "an integer or a name" because the vendor documents names; on the wire they are
integers (oneplan-api.md section 2, OBSERVED), so the judge keeps the integer alone in bodies.
"""

import json
from pathlib import Path
from typing import Any

type Json = dict[str, Any]

KEPT = ("type", "format", "enum", "required", "minimum", "maximum")
VERBS = ("get", "post", "put", "patch", "delete")
JSON = "application/json"


def read_document(path: Path) -> Json:
    """The document as operations and definitions."""
    source = json.loads(path.read_text(encoding="utf-8"))
    document: Json = {"system": "oneplan", "base": "/api", "operations": {}, "definitions": {}}
    for name, schema in sorted(source["components"]["schemas"].items()):
        document["definitions"][name] = schema_of(schema)
    for route, item in sorted(source["paths"].items()):
        shared = item.get("parameters", [])
        for verb in VERBS:
            if verb in item:
                key = f"{verb.upper()} {route}"
                document["operations"][key] = _operation(item[verb], shared, source)
    return document


def _operation(operation: Json, shared: list[Json], source: Json) -> Json:
    parameters = [*shared, *operation.get("parameters", [])]
    made: Json = {"query": {each["name"]: _query(each, source) for each in parameters if each["in"] == "query"}}
    made["statuses"] = sorted(int(code) for code in operation["responses"] if code.isdigit())
    if body := operation.get("requestBody"):
        made["consumes"] = list(body["content"])
        made["body"] = schema_of(body["content"][JSON]["schema"])
        made["body_required"] = bool(body.get("required"))
    if content := operation["responses"]["200"].get("content"):
        made["answer"] = schema_of(content[JSON]["schema"])
    return made


def _query(parameter: Json, source: Json) -> Json:
    schema = parameter["schema"]
    if "$ref" in schema:
        schema = source["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    made = {name: schema[name] for name in ("type", "format", "enum") if name in schema}
    return made | ({"required": True} if parameter.get("required") else {})


def schema_of(schema: Any) -> Any:
    """The JSON Schema; closed by the judge where it names members, open where it names none."""
    if schema is True:
        return {}
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref'].rsplit('/', 1)[1]}"}
    if "oneOf" in schema:
        return _choice([schema_of(each) for each in schema["oneOf"]])
    made = {name: schema[name] for name in KEPT if name in schema}
    if "properties" in schema:
        made["properties"] = {name: schema_of(each) for name, each in sorted(schema["properties"].items())}
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict):
            made[inner] = schema_of(schema[inner])
    return made


def _choice(choices: list[Json]) -> Json:
    numbers = [each for each in choices if each.get("type") == "integer"]
    return numbers[0] if numbers else {"anyOf": choices}
