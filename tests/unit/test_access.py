"""Roles: from the platform's principal only, and only where the platform has set it."""

import base64
import json
from typing import Any

import azure.functions as func
import pytest

from functions.access import require, roles_of
from shared.refusals import NoRole, NotSignedIn
from shared.settings import Settings

AZURE = Settings(storage="x", key_vault_url="https://v", auth_enabled=True)
LOCAL = Settings(storage="x", key_vault_url="https://v", local_mode=True)


def principal(*roles: str, kind: str = "roles") -> str:
    claims = [{"typ": kind, "val": role} for role in roles]
    return base64.b64encode(json.dumps({"claims": claims, "role_typ": kind}).encode()).decode()


def request(header: str | None = None, url: str = "https://app.example/api/connections") -> func.HttpRequest:
    headers: dict[str, Any] = {"x-ms-client-principal": header} if header is not None else {}
    return func.HttpRequest(method="GET", url=url, headers=headers, body=b"")


@pytest.mark.parametrize(
    ("held", "needed", "allowed"),
    [
        ("Reader", "Reader", True),
        ("Reader", "Editor", False),
        ("Reader", "Administrator", False),
        ("Editor", "Reader", True),
        ("Editor", "Editor", True),
        ("Editor", "Administrator", False),
        ("Administrator", "Reader", True),
        ("Administrator", "Administrator", True),
        ("Owner", "Reader", False),
    ],
)
def test_a_role_allows_what_lower_roles_allow(held: str, needed: Any, allowed: bool) -> None:
    req = request(principal(held))
    if allowed:
        require(req, AZURE, needed)
    else:
        with pytest.raises(NoRole):
            require(req, AZURE, needed)


def test_the_role_claim_may_have_the_long_name() -> None:
    kind = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"
    assert roles_of(request(principal("Editor", kind=kind)), AZURE) == ["Editor"]


@pytest.mark.parametrize(
    "header", [None, "", "%%%", base64.b64encode(b"[]").decode(), base64.b64encode(b"{}").decode()]
)
def test_no_readable_principal_is_nobody(header: str | None) -> None:
    with pytest.raises(NotSignedIn):
        roles_of(request(header), AZURE)


def test_a_principal_header_is_not_believed_where_the_platform_did_not_set_it() -> None:
    forged = request(principal("Administrator"))
    with pytest.raises(NotSignedIn):
        roles_of(forged, Settings(storage="x", key_vault_url="https://v", auth_enabled=False))


def test_local_mode_is_for_loopback_only() -> None:
    assert roles_of(request(url="http://127.0.0.1:7071/api/x"), LOCAL) == ["Administrator"]
    with pytest.raises(NotSignedIn):
        roles_of(request(url="http://evil.example/api/x"), LOCAL)
