"""The configuration API: versions of a configuration, and the configuration as a file (contracts.md; R12)."""

import asyncio
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import azure.functions as func

from functions import yaml_text
from functions.access import Caller, require
from functions.answers import NO_STORE, answer_json, answered, body_of
from functions.configuration import note
from functions.preconditions import check_version, etag
from shared import connections
from shared.bootstrap import Parts, parts
from shared.configuration_document import ConfigurationDocument, parse_document
from shared.configuration_schema import configuration_schema
from shared.core.difference import Difference, differences
from shared.engine.importing import take_in
from shared.ports import StoredConnection, Version
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
    changes = _shown(differences(before.document if before else {}, after.document))
    return answer_json({"version": number, "against": before.number if before else None, "changes": changes})


def _shown(changes: Iterable[Difference]) -> list[dict[str, Any]]:
    return [{"path": one.path, "before": one.before, "after": one.after} for one in changes]


@bp.function_name("restore_version")
@bp.route("connections/{connection}/versions/{version}/restore", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def restore_version(req: func.HttpRequest) -> func.HttpResponse:
    """The configuration is as it was in that version, as a new version; secrets stay as they are. If-Match is obeyed
    where it is sent."""
    app = parts()
    caller = require(req, app.settings, "Administrator")
    stored = await connections.get(app.connections, req.route_params["connection"])
    if "if-match" in req.headers:
        check_version(req, stored)
    found = await version_of(app, stored.id, version_number(req.route_params["version"]))
    return await _taken_in(app, stored, caller, parse_document(found.document), f"restored version {found.number}")


async def _taken_in(
    app: Parts, stored: StoredConnection, caller: Caller, wanted: ConfigurationDocument, action: str
) -> func.HttpResponse:
    """What changed, and the run that began; the audit has it."""
    done = await take_in(app.engine, stored, wanted)
    if done.changes:
        await note(app, done.connection, caller, action, tuple(one.path for one in done.changes))
    body = {
        "id": done.connection.id,
        "version": done.connection.version,
        "changes": _shown(done.changes),
        "warnings": list(done.warnings),
        **({"run": done.run} if done.run else {}),
    }
    return answer_json(body, headers={"ETag": etag(done.connection)})


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


@bp.function_name("import_configuration")
@bp.route("connections/{connection}/configuration.yaml", methods=["PUT"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def import_configuration(req: func.HttpRequest) -> func.HttpResponse:
    """The configuration is as the file says; nothing changes where it says what is there. A connection that was
    deleted is there again with its links, where the file holds its key and PAT."""
    app = parts()
    caller = require(req, app.settings, "Administrator")
    stored = await _even_deleted(app, req.route_params["connection"])
    if stored.state != "deleted":
        check_version(req, stored)
    text = body_of(req, yaml_text.LIMIT, yaml_text.MEDIA_TYPES)
    wanted = parse_document(await asyncio.to_thread(yaml_text.parse, text))
    return await _taken_in(app, stored, caller, wanted, "imported")


async def _even_deleted(app: Parts, connection: str) -> StoredConnection:
    found = await app.connections.get(connection)
    return found if found is not None else await connections.get(app.connections, connection)


@bp.function_name("configuration_schema")
@bp.route("schemas/configuration.json", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_configuration_schema(req: func.HttpRequest) -> func.HttpResponse:
    """The JSON Schema of the YAML; it holds nothing of any connection."""
    require(req, parts().settings, "Reader")
    return answer_json(configuration_schema())
