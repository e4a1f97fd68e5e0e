"""Edits as people make them in either system."""

from typing import Any

import httpx


async def act(root: str, **body: Any) -> dict[str, Any]:
    """The answer of the stand-in at that address."""
    async with httpx.AsyncClient(base_url=root) as http:
        answer = await http.post("/__control/act", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
