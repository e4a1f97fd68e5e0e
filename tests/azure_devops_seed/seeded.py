"""Seeded worlds for the tests of this folder."""

from typing import Any

import httpx

from local.azure_devops.app import create_app
from local.azure_devops.model import Organization
from local.azure_devops.seed import organization, populate
from local.azure_devops.world import World
from tests.judge import Judge, JudgedTransport


def seeded_world(size: int, seed: int | str) -> World:
    """A world with its work items, as the stand-in has it at its start."""
    world = World(organization())
    populate(world, size, seed)
    return world


def seeded(size: int, seed: int | str) -> Organization:
    """The organization of a seeded world."""
    return seeded_world(size, seed).organization


def service(world: World, pat: str = "all-scopes-pat") -> httpx.AsyncClient:
    """A judged client of the stand-in, signed in, asking for a version that preview routes take too."""
    return httpx.AsyncClient(
        transport=JudgedTransport(
            httpx.ASGITransport(create_app(world)), Judge.of("azure_devops"), may_ask_wrongly=True
        ),
        base_url=f"http://stand-in/{world.organization.name}",
        auth=httpx.BasicAuth("", pat),
        headers={"Accept": "application/json;api-version=7.1-preview.1"},
    )


async def values(api: httpx.AsyncClient, path: str) -> list[Any]:
    """The values of a list answer; its count must agree."""
    answer = await api.get(path)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["count"] == len(body["value"])
    return list(body["value"])
