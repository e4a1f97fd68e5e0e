"""Attachments (section 9): bytes are sent first, then linked by an AttachedFile relation with their url."""

import uuid
from typing import Any
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from local.azure_devops import errors
from local.azure_devops.calls import ORGANIZATION, PROJECT, READ, WRITE, Call, routes_of
from local.azure_devops.metadata import failures
from local.azure_devops.world import World

# 60 MB for a file (section 7 [D]); one that is larger must be sent in chunks, which the stand-in has not got.
LIMIT = 60 * 1024 * 1024


async def attach(call: Call) -> Any:
    """Octet stream in, `{id, url}` out."""
    sent = call.request.headers.get("content-type", "").partition(";")[0].strip()
    if sent != "application/octet-stream":
        raise errors.unsupported_media(sent)
    content = await call.request.body()
    if len(content) > LIMIT:
        raise errors.argument_invalid("VS402333: The attachment exceeds the size limit.")
    key = str(uuid.uuid4())
    call.world.attachments[key] = content
    name = call.query("fileName")
    suffix = f"?fileName={quote(name)}" if name else ""
    return {"id": key, "url": f"{call.base}/_apis/wit/attachments/{key}{suffix}"}


def read_attachment(call: Call) -> Any:
    key = str(call.request.path_params["id"]).lower()
    content = call.world.attachments.get(key)
    if content is None:
        raise failures.part_not_found(f"attachment {key}")
    name = call.query("fileName", "attachment")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def routes(world: World) -> list[Route]:
    """With and without the project in the path."""
    both = (ORGANIZATION, PROJECT)
    return routes_of(
        world,
        [
            ("POST", "wit/attachments", WRITE, attach, both),
            ("GET", "wit/attachments/{id}", READ, read_attachment, both),
        ],
    )
