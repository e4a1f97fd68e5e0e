"""Routes of tags (specification area wit)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.azure_devops.metadata import failures, tags
from local.azure_devops.metadata.call import Call, Endpoint, listed, object_body
from local.azure_devops.metadata.describes import World
from local.azure_devops.model import Project


def list_tags(call: Call) -> dict[str, Any]:
    project = call.project()
    known = tags.tags_of(call.organization, project)
    return listed([tags.tag_definition(call.base, project, name) for name in known])


def read_tag(call: Call) -> dict[str, Any]:
    project, name = _addressed(call)
    return tags.tag_definition(call.base, project, name)


def delete_tag(world: World) -> Endpoint:
    """Takes the tag off every item of the project (ado-api.md section 9); 200 without a body."""

    async def endpoint(request: Request) -> Response:
        call = Call(world, request)
        project, name = _addressed(call)
        tags.replace_tag(call.organization, project, name, None)
        return Response(status_code=200)

    return endpoint


def update_tag(world: World) -> Endpoint:
    """Renames the tag on every item of the project."""

    async def endpoint(request: Request) -> Response:
        call = Call(world, request)
        project, name = _addressed(call)
        renamed = str((await object_body(request)).get("name") or "").strip()
        if not renamed or ";" in renamed or "," in renamed:
            raise failures.bad_parameter("name", renamed)
        tags.replace_tag(call.organization, project, name, renamed)
        return JSONResponse(tags.tag_definition(call.base, project, renamed))

    return endpoint


def _addressed(call: Call) -> tuple[Project, str]:
    project = call.project()
    found = tags.find_tag(call.organization, project, call.path("tag"))
    if found is None:
        raise failures.part_not_found(call.path("tag"))
    return project, found
