"""Who may call the configuration API (R43; design.md, decision 18)."""

import base64
import json
from typing import Any, Literal
from urllib.parse import urlsplit

import azure.functions as func

from shared.refusals import NoRole, NotSignedIn
from shared.settings import Settings

type Role = Literal["Reader", "Editor", "Administrator"]

ORDER: tuple[Role, ...] = ("Reader", "Editor", "Administrator")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def require(req: func.HttpRequest, settings: Settings, role: Role) -> None:
    """Returns where the caller has the role or a higher one; NotSignedIn or NoRole otherwise."""
    held = roles_of(req, settings)
    if not any(ORDER.index(one) >= ORDER.index(role) for one in held):
        raise NoRole(f"this needs the role {role}; you have {', '.join(held) or 'none'}")


def roles_of(req: func.HttpRequest, settings: Settings) -> list[Role]:
    """The roles of the signed-in person; on loopback in local mode everybody is Administrator.

    The principal header is believed only where the platform's sign-in is on and so has set it itself.
    """
    if settings.local_mode and urlsplit(req.url).hostname in LOOPBACK:
        return ["Administrator"]
    principal = req.headers.get("x-ms-client-principal") if settings.auth_enabled else None
    if not principal:
        raise NotSignedIn("this route needs a signed-in person with a role")
    claims = _claims(principal)
    return [role for role in ORDER if role in claims]


def _claims(principal: str) -> set[str]:
    """The values of the role claims in the platform's principal header."""
    try:
        parsed: dict[str, Any] = json.loads(base64.b64decode(principal, validate=True))
        kinds = {"roles", parsed.get("role_typ")}
        return {claim["val"] for claim in parsed["claims"] if claim["typ"] in kinds}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotSignedIn("the principal of the platform's sign-in cannot be read") from None
