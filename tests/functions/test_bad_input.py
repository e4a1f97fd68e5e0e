"""Every member of a connection wrong in every way: told by its path, and nothing is stored (issue 6, Bad input)."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests.functions.conftest import Product

WRONG = {"object": {}, "list": [], "number": 7.5, "boolean": True, "null": None, "text": "x"}
LONG = "x" * 5000
OPTIONAL = {
    "enabled": True,
    "options": {"teamProjectAsParentPlan": False, "includeItemsWithoutIteration": False, "allowOnePlanEdits": True},
    "scope": {"projects": ["Contoso Retail"], "areaPaths": ["Contoso Retail"], "tags": ["a"], "wiql": "[a] = 1"},
    "conflictPolicy": "latest",
    "onWorkItemDelete": "mark",
    "onPlanDelete": "disconnect",
    "onOnePlanEditWhenImportOnly": "leave",
    "defaultOwner": "pmo@contoso.com",
    "teamProjectPlanType": "Project",
    "writeHyperlink": False,
    "comments": False,
    "attachments": False,
    "brake": {"share": 0.1, "items": 20},
    "schedule": {"incrementalMinutes": 5, "fullAt": "02:00", "timeZone": "Europe/Berlin"},
    "retentionDays": 90,
    "changeFeed": "auto",
}


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, value) of every member, the objects and lists themselves included."""
    for name, child in value.items():
        yield f"{path}/{name}", child
        if isinstance(child, dict):
            yield from _leaves(child, f"{path}/{name}")
        if isinstance(child, list):
            yield from ((f"{path}/{name}/{index}", one) for index, one in enumerate(child))


def _with(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    *parents, last = path.strip("/").split("/")
    target: Any = changed
    for part in parents:
        target = target[int(part)] if isinstance(target, list) else target[part]
    target[int(last) if isinstance(target, list) else last] = value
    return changed


def _kind(value: Any) -> str:
    kinds = {dict: "object", list: "list", bool: "boolean", int: "number", float: "number", str: "text"}
    return kinds[type(value)]


def _cases(body: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(what, path, body): each member once with a value that it cannot have."""
    for path, value in _leaves(body):
        kind = _kind(value)
        for name, wrong in WRONG.items():
            nullable = name == "null" and path.split("/")[-1] in ("wiql", "defaultOwner", "buttonName", "key", "pat")
            if name != kind and not nullable:
                yield f"{name} for {kind}", path, _with(body, path, wrong)
        if kind == "text":
            yield "control character", path, _with(body, path, f"{value}\u0007")
            yield "too long", path, _with(body, path, LONG * 4)
        if kind == "object":
            yield "unknown member", f"{path}/surplus", _with(body, f"{path}/surplus", 1)


@pytest.fixture(scope="module")
def whole(product: Product) -> dict[str, Any]:
    body = product.systems.connection(**OPTIONAL)
    body["oneplan"]["buttonName"] = "Contoso DevOps"
    return body


def test_every_member_refuses_what_it_cannot_be(product: Product, whole: dict[str, Any]) -> None:
    before = len(product.rows("connections", "connections"))
    missed = []
    with product.client() as client:
        for what, path, body in _cases(whole):
            answer = client.post("/connections", json=body)
            told = [one["path"] for one in answer.json().get("errors", [])] if answer.status_code == 400 else []
            near = any(one == path or path.startswith(f"{one}/") or one.startswith(path) for one in told if one)
            if not near or answer.headers["content-type"] != "application/problem+json":
                missed.append((what, path, answer.status_code, told))
    assert missed == []
    assert len(product.rows("connections", "connections")) == before


@pytest.mark.parametrize("path", ["/surplus", "/oneplan/surplus", "/schedule/a~b"])
def test_an_unknown_member_is_named_by_a_pointer(product: Product, whole: dict[str, Any], path: str) -> None:
    with product.client() as client:
        answer = client.post("/connections", json=_with(whole, path, 1))
    assert answer.json()["errors"] == [{"path": path.replace("~", "~0"), "message": "is no member of a connection"}]


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"null", b"7", b"", b"[" * 100_000, b"\xff\xfe"])
def test_a_body_that_is_no_object_is_refused(product: Product, body: bytes) -> None:
    with product.client() as client:
        answer = client.post("/connections", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


ADDRESSES = {
    "loopback by number": "https://127.0.0.1/contoso",
    "loopback by name": "https://localhost/contoso",
    "loopback, IPv6": "https://[::1]/contoso",
    "loopback in another writing": "https://2130706433/contoso",
    "link-local": "https://169.254.169.254/contoso",
    "private": "https://10.0.0.4/contoso",
    "the platform": "https://168.63.129.16/contoso",
    "another port": "https://dev.azure.com:8443/contoso",
    "user information": "https://dev.azure.com@evil.example/contoso",
    "a password": "https://user:pw@dev.azure.com/contoso",
    "not encrypted": "http://dev.azure.com/contoso",
    "not allowed": "https://evil.example/contoso",
    "allowed as a beginning only": "https://dev.azure.com.evil.example/contoso",
    "a query": "https://dev.azure.com/contoso?x=1",
    "a fragment": "https://dev.azure.com/contoso#x",
    "a port that is no number": "https://dev.azure.com:x/contoso",
}


@pytest.mark.parametrize("case", ADDRESSES)
@pytest.mark.parametrize("member", ["/azureDevOps/url", "/oneplan/url"])
def test_an_address_that_must_not_be_called_is_refused(product: Product, case: str, member: str) -> None:
    body = _with(product.systems.connection(), member, ADDRESSES[case])
    with product.client() as client:
        answer = client.post("/connections/check", json=body)
    told = {one["path"]: one["message"] for one in answer.json()["errors"]}
    assert (answer.status_code, member in told) == (400, True), answer.text
    assert "pw@" not in answer.text
