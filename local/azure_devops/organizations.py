"""Several organizations behind one address, as Azure DevOps serves them: by the first part of the path."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

CONTROL = "/__control"


class Organizations:
    """The control routes are those of the first organization, and of each below its own name."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = {name.casefold(): app for name, app in apps.items()}
        self._first = next(iter(self._apps.values()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._first(scope, receive, send)
            return
        name, _, rest = scope["path"].lstrip("/").partition("/")
        app = self._apps.get(name.casefold(), self._first)
        if f"/{rest}".startswith(CONTROL):
            scope = {**scope, "path": f"/{rest}", "raw_path": f"/{rest}".encode()}
        await app(scope, receive, send)
