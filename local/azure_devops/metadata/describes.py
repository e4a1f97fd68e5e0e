"""What the metadata routes need of the world; a protocol, since the world's app imports the routes."""

from typing import Any, Protocol

from starlette.requests import Request

from local.azure_devops.model import Identity, Organization


class World(Protocol):
    """An organization, and how its urls and identities are written for a request."""

    @property
    def organization(self) -> Organization: ...

    def base_url(self, request: Request) -> str: ...

    def identity_ref(self, identity: Identity, request: Request) -> dict[str, Any]: ...
