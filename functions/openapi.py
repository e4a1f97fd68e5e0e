"""`GET /api/openapi.json`: the API's description, made of the functions themselves and of their models."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import azure.functions as func
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from functions import wire
from functions.access import require
from functions.answers import answer_json, answered
from functions.description import ANY, JSON, OPERATIONS, YAML, Operation, Query
from shared.bootstrap import parts
from shared.configuration_schema import Untitled

bp = func.Blueprint()

PROBLEM = "application/problem+json"
_PARAMETER = re.compile(r"\{(\w+)\}")
# Names in addresses: at most so long, and without a slash.
_NAME = {"type": "string", "minLength": 1, "maxLength": 100, "pattern": r"^[^/\x00-\x20\x7f]+$"}
_ANSWERS = {
    400: "A member is missing or wrong; each is named.",
    401: "Nobody is signed in, or the secret is wrong.",
    403: "The role does not allow this.",
    404: "There is no such thing.",
    409: "Something else came first.",
    412: "It was changed in the meantime.",
    413: "The body is too large.",
    415: "The body is of another content type.",
    428: "If-Match is needed.",
    502: "A remote system did not do its part.",
    503: "The app could not do this now; try again.",
}


@bp.function_name("openapi")
@bp.route("openapi.json", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_openapi(req: func.HttpRequest) -> func.HttpResponse:
    """This description."""
    require(req, parts().settings, "Reader")
    from function_app import MODULES  # noqa: PLC0415 - it imports this module

    blueprints = [module.bp for module in MODULES]
    return answer_json(description(routes(blueprints)))


def routes(blueprints: Iterable[func.Blueprint]) -> Mapping[str, tuple[str, str, str]]:
    """(method, path, docstring) of every HTTP function, by its name, as the functions themselves declare them."""
    found = {}
    for blueprint in blueprints:
        for builder in blueprint._function_builders:
            function = builder._function
            trigger: Any = function.get_trigger()
            if trigger is not None and trigger.get_binding_name() == "httpTrigger":
                method = trigger.methods[0]
                name = function.get_function_name() or ""
                found[name] = (str(getattr(method, "value", method)).lower(), f"/api/{trigger.route}", _told(function))
    return found


def _told(function: Any) -> str:
    return " ".join((function.get_user_function().__doc__ or "").split())


def description(found: Mapping[str, tuple[str, str, str]]) -> dict[str, Any]:
    """The OpenAPI document. KeyError where a function has no entry in OPERATIONS."""
    schemas, definitions = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for name, (method, path, told) in sorted(found.items(), key=lambda one: one[1][1]):
        paths.setdefault(path, {})[method] = _operation(name, path, told, OPERATIONS[name], schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "OnePlan and Azure DevOps: configuration", "version": "1"},
        "paths": paths,
        "components": {"schemas": definitions},
    }


type _Schemas = Mapping[type[BaseModel], dict[str, Any]]


@cache
def _schemas() -> tuple[_Schemas, dict[str, Any]]:
    """A reference for each model, and the definitions that they refer to."""
    taken = [one.body for one in OPERATIONS.values() if one.body]
    answers = [model for one in OPERATIONS.values() for model in one.answers.values() if model]
    every: list[type[BaseModel]] = list(dict.fromkeys([*taken, *answers, wire.Problem]))
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [(one, "validation") for one in every]
    template = "#/components/schemas/{model}"
    _, document = models_json_schema(models, ref_template=template, schema_generator=Untitled)
    references = {one: {"$ref": template.format(model=one.__name__)} for one in every}
    return references, document["$defs"]


def _operation(name: str, path: str, told: str, one: Operation, schemas: _Schemas) -> dict[str, Any]:
    names = _PARAMETER.findall(path)
    parameters = [
        *({"name": part, "in": "path", "required": True, "schema": _NAME} for part in names),
        *(_query(query) for query in one.query),
        *([_if_match(one)] if one.condition else []),
    ]
    answers = {str(status): _answer(one, model, schemas) for status, model in one.answers.items()}
    problems = {str(status): _problem(status, schemas) for status in sorted(_problems(one, names))}
    body = {"requestBody": _body(one, schemas)} if one.body or one.media == ANY else {}
    summary, _, rest = told.partition(". ")
    return {
        "operationId": name,
        "summary": summary.rstrip("."),
        **({"description": rest} if rest else {}),
        **({"x-role": one.role} if one.role else {}),
        "parameters": parameters,
        **body,
        "responses": {**answers, **problems},
    }


def _query(one: Query) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": "query",
        "required": one.required,
        "description": one.description,
        "schema": one.schema,
    }


def _if_match(one: Operation) -> dict[str, Any]:
    return {
        "name": "If-Match",
        "in": "header",
        "required": one.condition == "required",
        "description": "the ETag that was read, or *",
        "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,9}")$'},
    }


def _body(one: Operation, schemas: _Schemas) -> dict[str, Any]:
    schema = schemas[one.body] if one.body else {"type": "object"}
    media = YAML if one.media == YAML else JSON
    return {"required": True, "content": {media: {"schema": schema}}}


def _answer(one: Operation, model: type[BaseModel] | None, schemas: _Schemas) -> dict[str, Any]:
    headers = {"headers": {"ETag": {"required": True, "schema": {"type": "string"}}}} if one.etag else {}
    content = {"content": {one.answer_media: {"schema": schemas[model]}}} if model else {}
    if model is None and 200 in one.answers:
        content = {"content": {JSON: {"schema": {"type": "object"}}}}
    return {"description": "Done.", **headers, **content}


def _problem(status: int, schemas: _Schemas) -> dict[str, Any]:
    return {
        "description": _ANSWERS[status],
        "content": {PROBLEM: {"schema": schemas[wire.Problem]}},
    }


def _problems(one: Operation, names: list[str]) -> set[int]:
    found = {503, *one.problems}
    if one.role or one.media == ANY:
        found.add(401)
    if one.role:
        found.add(403)
    if names:
        found.add(404)
    if one.body:
        found |= {400, 413, 415}
    if one.query:
        found.add(400)
    if one.condition:
        found |= {400, 412}
    if one.condition == "required":
        found.add(428)
    return found
