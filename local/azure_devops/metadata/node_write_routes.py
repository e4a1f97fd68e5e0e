"""Routes that change classification nodes: POST creates or moves, PATCH renames or dates, DELETE removes."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.azure_devops.metadata.call import Call, Endpoint, object_body
from local.azure_devops.metadata.describes import World
from local.azure_devops.metadata.node_edits import create_node, delete_node, move_node, update_node
from local.azure_devops.metadata.node_routes import addressed
from local.azure_devops.metadata.nodes import classification_node


def create_or_move(world: World) -> Endpoint:
    """201 with the new node; `{"id": n}` alone moves that node here and answers 200 (section 6 [R])."""

    async def endpoint(request: Request) -> Response:
        call, body = Call(world, request), await object_body(request)
        project, parent = addressed(call)
        if "id" in body and "name" not in body:
            node = move_node(call.organization, project, parent, body["id"])
            return JSONResponse(classification_node(call.base, project, node))
        node = create_node(call.organization, parent, body)
        return JSONResponse(classification_node(call.base, project, node), 201)

    return endpoint


def update(world: World) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        call, body = Call(world, request), await object_body(request)
        project, node = addressed(call)
        changed = update_node(call.organization, project, node, body)
        return JSONResponse(classification_node(call.base, project, changed))

    return endpoint


def delete(world: World) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        call = Call(world, request)
        project, node = addressed(call)
        target = call.number("$reclassifyId", 0) or None
        delete_node(call.organization, project, node, target)
        return Response(status_code=204)

    return endpoint
