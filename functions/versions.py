"""The configuration API: versions of a configuration, and the configuration as a file (contracts.md; R12)."""

from typing import Any
from urllib.parse import urlsplit

import azure.functions as func

from functions import yaml_text
from functions.access import require
from functions.answers import NO_STORE, answer_json, answered
from functions.preconditions import etag
from shared import connections
from shared.bootstrap import Parts, parts
from shared.configuration_schema import configuration_schema
from shared.core.difference import differences
from shared.ports import Version
from shared.refusals import FieldError, InvalidInput, UnknownVersion

bp = func.Blueprint()

SCHEMA_PATH = "/api/schemas/configuration.json"
HEADING = """yaml-language-server: $schema={schema}
The configuration of connection {connection}, version {version}. Secrets are not in it."""


@bp.function_name("list_versions")
@bp.route("connections/{connection}/versions", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_versions(req: func.HttpRequest) -> func.HttpResponse:
    """Every version of the configuration, the newest first."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await connections.get(app.connections, req.route_params["connection"])
    found = [one for one in await app.versions.list(stored.id) if one.number <= stored.version]
    shown = [{"version": one.number, "saved": one.saved.isoformat()} for one in reversed(found)]
    return answer_json({"versions": shown, "current": stored.version})


@bp.function_name("diff_version")
@bp.route("connections/{connection}/versions/{version}/diff", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def diff_version(req: func.HttpRequest) -> func.HttpResponse:
    """What the version changed: each member with its value before and after. `against` names another version than the
    one before it."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await connections.get(app.connections, req.route_params["connection"])
    number = version_number(req.route_params["version"])
    after = await version_of(app, stored.id, number)
    before = await _before(app, stored.id, number, req.params.get("against"))
    changes = [
        {"path": one.path, "before": one.before, "after": one.after}
        for one in differences(before.document if before else {}, after.document)
    ]
    return answer_json({"version": number, "against": before.number if before else None, "changes": changes})


async def _before(app: Parts, connection: str, number: int, against: str | None) -> Version | None:
    """The version that is compared with; None before the first."""
    if against is not None:
        return await version_of(app, connection, _whole_number("/against", against))
    earlier = [one for one in await app.versions.list(connection) if one.number < number]
    return earlier[-1] if earlier else None


async def version_of(app: Parts, connection: str, number: int) -> Version:
    """UnknownVersion where there is none."""
    found = await app.versions.get(connection, number)
    if found is None:
        raise UnknownVersion(f"connection {connection} has no version {number}")
    return found


def version_number(text: str) -> int:
    """UnknownVersion for what is no number: it is a part of the address."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 8):
        raise UnknownVersion(f"{text[:40]!r} is no version")
    return int(text)


def _whole_number(path: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 8):
        raise InvalidInput((FieldError(path, f"is {text[:40]!r}; the number of a version is needed"),))
    return int(text)


@bp.function_name("export_configuration")
@bp.route("connections/{connection}/configuration.yaml", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def export_configuration(req: func.HttpRequest) -> func.HttpResponse:
    """The whole configuration without secrets, as YAML that names its schema."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await connections.get(app.connections, req.route_params["connection"])
    here = urlsplit(req.url)
    heading = HEADING.format(
        schema=f"{here.scheme}://{here.netloc}{SCHEMA_PATH}", connection=stored.id, version=stored.version
    )
    return func.HttpResponse(
        yaml_text.dump(stored.document, heading),
        mimetype=yaml_text.MEDIA_TYPE,
        headers={**NO_STORE, "ETag": etag(stored)},
    )


@bp.function_name("configuration_schema")
@bp.route("schemas/configuration.json", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_configuration_schema(req: func.HttpRequest) -> func.HttpResponse:
    """The JSON Schema of the YAML; it holds nothing of any connection, so that editors may read it."""
    schema: dict[str, Any] = configuration_schema()
    return answer_json(schema, headers={"Access-Control-Allow-Origin": "*"})
