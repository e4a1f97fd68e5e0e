"""Edits as people make them in either system, and the client that a test reads and writes a stand-in with."""

import ssl
from typing import Any

import httpx

# The stand-ins serve plain HTTP. Loading the authorities for each client takes longer than its requests.
_NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def client(root: str, **more: Any) -> httpx.AsyncClient:
    """A client of the stand-in at that address; `more` as httpx.AsyncClient has it."""
    return httpx.AsyncClient(base_url=root, verify=_NO_AUTHORITIES, trust_env=False, **more)


async def act(root: str, **body: Any) -> dict[str, Any]:
    """The answer of the stand-in at that address."""
    async with client(root) as http:
        answer = await http.post("/__control/act", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
