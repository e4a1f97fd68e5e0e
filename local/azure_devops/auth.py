"""Who calls, and may they (section 2): personal access tokens, their looks when bad, and scopes."""

import base64
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from local.azure_devops.metadata.failures import Failure, body
from local.azure_devops.model import Token
from local.azure_devops.world import World

# A scope includes those below it.
INCLUDED = {
    "vso.work_full": {"vso.work_write", "vso.work"},
    "vso.work_write": {"vso.work"},
    "vso.identity_manage": {"vso.identity"},
    "vso.graph_manage": {"vso.graph"},
    "vso.project_manage": {"vso.project_write", "vso.project"},
}
# What any token with work scopes may also read: without it no client could find its projects. An assumption.
ALSO_WITH_WORK = {"vso.project", "vso.profile", "vso.graph"}
PAGE = "<html><head><title>Azure DevOps Services | Sign In</title></head><body>Sign in</body></html>"


@dataclass(frozen=True)
class Refused:
    """Why a request is not let in."""

    answer: Response


def token_of(world: World, request: Request) -> Token | Refused:
    """The caller's token. Basic with any user and the token as password; nothing else is one."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        decoded = base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        decoded = ""
    _, colon, value = decoded.partition(":")
    if scheme.lower() == "basic" and decoded and not colon:
        return Refused(HTMLResponse(PAGE, 203))  # the token without its colon (section 2 [I])
    found = next((one for one in world.organization.tokens if value and one.value == value), None)
    if scheme.lower() == "basic" and found and not found.expired:
        return found
    return Refused(_bad_token(world, request))


def _bad_token(world: World, request: Request) -> Response:
    if request.headers.get("x-tfs-fedauthredirect", "").lower() != "suppress":
        match world.position("bad_pat_look"):
            case "203":
                return HTMLResponse(PAGE, 203)
            case "302":
                return HTMLResponse("Object moved", 302, {"Location": f"{world.base_url(request)}/_signin?realm=x"})
    headers = {"WWW-Authenticate": f'Basic realm="{world.base_url(request)}"'}
    match world.position("bad_pat_body"):
        case "list":
            return JSONResponse({"count": 0, "value": []}, 401, headers)
        case "json":
            failure = Failure(401, "UnauthorizedRequestException", "TF400813: The user is not authorized.")
            return JSONResponse(body(failure), 401, headers)
        case _:
            return Response(status_code=401, headers=headers)


def allowed(token: Token, scope: str) -> bool:
    """True where the token has the scope, one above it, or one that brings it along."""
    if not scope:
        return True
    held = set(token.scopes)
    for one in token.scopes:
        held |= INCLUDED.get(one, set())
    if "vso.work" in held:
        held |= ALSO_WITH_WORK
    return scope in held
