"""Who may call the configuration API (R43; design.md, decision 18)."""

import base64
import json
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import azure.functions as func

from shared.refusals import NoRole, NotSignedIn
from shared.settings import Settings

type Role = Literal["Reader", "Editor", "Administrator"]

ORDER: tuple[Role, ...] = ("Reader", "Editor", "Administrator")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Claims that name a person, the clearest first.
_NAMES = (
    "preferred_username",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
    "name",
    "http://schemas.microsoft.com/identity/claims/objectidentifier",
)
LOCAL_PERSON = "local"


@dataclass(frozen=True)
class Caller:
    """The signed-in person: what the audit calls them, and their roles."""

    name: str
    roles: tuple[Role, ...]


def require(req: func.HttpRequest, settings: Settings, role: Role) -> Caller:
    """The caller, who has the role or a higher one; NotSignedIn or NoRole otherwise."""
    caller = caller_of(req, settings)
    if not any(ORDER.index(one) >= ORDER.index(role) for one in caller.roles):
        raise NoRole(f"this needs the role {role}; you have {', '.join(caller.roles) or 'none'}")
    return caller


def roles_of(req: func.HttpRequest, settings: Settings) -> list[Role]:
    """The roles of the signed-in person."""
    return list(caller_of(req, settings).roles)


def caller_of(req: func.HttpRequest, settings: Settings) -> Caller:
    """The signed-in person; on loopback in local mode everybody is Administrator.

    The principal header is believed only where the platform's sign-in is on and so has set it itself.
    """
    if settings.local_mode and urlsplit(req.url).hostname in LOOPBACK:
        return Caller(LOCAL_PERSON, ("Administrator",))
    principal = req.headers.get("x-ms-client-principal") if settings.auth_enabled else None
    if not principal:
        raise NotSignedIn("this route needs a signed-in person with a role")
    return _caller(principal)


def _caller(principal: str) -> Caller:
    """By the claims of the platform's principal header."""
    try:
        parsed: dict[str, Any] = json.loads(base64.b64decode(principal, validate=True))
        role_types = {"roles", parsed.get("role_typ")}
        claims = [(str(one["typ"]), str(one["val"])) for one in parsed["claims"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotSignedIn("the principal of the platform's sign-in cannot be read") from None
    held = {value for kind, value in claims if kind in role_types}
    names = [value for wanted in _NAMES for kind, value in claims if kind == wanted and value]
    return Caller(names[0] if names else "unknown", tuple(role for role in ORDER if role in held))
