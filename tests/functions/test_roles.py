"""Every route refuses who has no role for it; a principal that the platform did not set is nobody's (R43)."""

import base64
import json
from collections.abc import Iterator

import httpx
import pytest

from local.azurite import Azurite
from tests.functions.bodies import Systems
from tests.functions.conftest import Product, start_host, start_vault

ROLES = ("Reader", "Editor", "Administrator")
# Who authenticate by the hook secret, and what tells nothing (R39); the rest is for signed-in people.
OPEN = {"azure_devops_hook", "oneplan_hook", "health"}
READER = {"list_connections", "get_connection", "connection_health", "configuration_schema", "openapi"}
ADMINISTRATOR = {
    "create_connection",
    "check_connection",
    "replace_connection",
    "delete_connection",
    "enable_connection",
    "disable_connection",
    "rotate_hook_secret",
    "pause_everything",
    "resume_everything",
    "list_audit",
}
# Not as on loopback, where a local run believes everybody.
ELSEWHERE = {"Host": "sync.example"}

type Route = tuple[str, str, str]


def _principal(*roles: str) -> dict[str, str]:
    claims = [{"typ": "roles", "val": role} for role in roles] + [{"typ": "preferred_username", "val": "ada@contoso"}]
    text = json.dumps({"auth_typ": "aad", "claims": claims, "name_typ": "name", "role_typ": "roles"})
    return {**ELSEWHERE, "x-ms-client-principal": base64.b64encode(text.encode()).decode()}


@pytest.fixture(scope="module")
def signed_in(azurite: Azurite, systems: Systems, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The app behind the platform's sign-in."""
    folder = tmp_path_factory.mktemp("roles")
    vault, settings = start_vault(folder)
    settings |= {**systems.settings, "AzureWebJobsStorage": azurite.connection_string, "WEBSITE_AUTH_ENABLED": "true"}
    host, url = start_host(folder, settings, "--no-queues", "--no-timers")
    yield Product(url, folder, settings, azurite.connection_string, systems, [host, vault])
    host.stop()
    vault.stop()


def _routes(product: Product) -> list[Route]:
    """(function, method, path) of every route that is for signed-in people, as the runtime has indexed them."""
    found = []
    for function in httpx.get(f"{product.url}/admin/functions").json():
        trigger = next(one for one in function["config"]["bindings"] if one["type"].endswith("Trigger"))
        if trigger["type"] == "httpTrigger" and function["name"] not in OPEN:
            path = trigger["route"].replace("{", "").replace("}", "")
            found += [(function["name"], method, path) for method in trigger["methods"]]
    assert len(found) > len(ADMINISTRATOR)
    return found


def _asked(product: Product, route: Route, headers: dict[str, str]) -> int:
    with product.client() as client:
        return client.request(route[1], f"/{route[2]}", headers=headers).status_code


def test_without_a_principal_every_route_is_401(signed_in: Product) -> None:
    assert {route: _asked(signed_in, route, ELSEWHERE) for route in _routes(signed_in)} == dict.fromkeys(
        _routes(signed_in), 401
    )


def test_with_no_role_or_an_unknown_one_every_route_is_403(signed_in: Product) -> None:
    for headers in (_principal(), _principal("Owner", "administrator")):
        found = {route: _asked(signed_in, route, headers) for route in _routes(signed_in)}
        assert set(found.values()) == {403}, found


def test_a_forged_principal_is_nobody_where_the_platform_does_not_sign_in(product: Product) -> None:
    found = {route: _asked(product, route, _principal("Administrator")) for route in _routes(product)}
    assert set(found.values()) == {401}, found


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_as_far_as_it_goes(signed_in: Product, role: str) -> None:
    for route in _routes(signed_in):
        needed = _needed(route)
        status = _asked(signed_in, route, _principal(role))
        if role == "Administrator":
            assert status not in (401, 403), route
        elif needed is not None:
            assert (status == 403) is (ROLES.index(role) < ROLES.index(needed)), (route, status)


def _needed(route: Route) -> str | None:
    """None where it is not laid down here."""
    if route[0] in ADMINISTRATOR:
        return "Administrator"
    return "Reader" if route[0] in READER else None


def test_no_reader_changes_anything(signed_in: Product) -> None:
    changing = [route for route in _routes(signed_in) if route[1] != "GET"]
    found = {route: _asked(signed_in, route, _principal("Reader")) for route in changing}
    assert set(found.values()) == {403}, found


def test_the_audit_has_the_name_of_the_signed_in_person(signed_in: Product) -> None:
    headers = _principal("Administrator")
    with signed_in.client() as client:
        made = client.post("/connections", json=signed_in.systems.connection(), headers=headers)
        changes = client.get(f"/connections/{made.json()['id']}/audit", headers=headers).json()["changes"]
    assert [(one["who"], one["action"]) for one in changes] == [("ada@contoso", "created")]
