"""uvicorn as part of this process: its port known before it serves, no access log, no signal handlers."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

# Longer than a client keeps an idle connection (httpx: 5 s, uvicorn's own figure too, so that each could meet the other
# at its end): the client is the one that closes, as with servers on the internet.
KEEP_ALIVE_SECONDS = 30


@dataclass(frozen=True)
class Certificate:
    """The PEM files of a server's certificate and of its private key."""

    certificate: Path
    key: Path


class _Embedded(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The process decides when to stop."""
        yield


class HttpServer:
    """Serves an ASGI application on a listening socket, over TLS where a certificate is given."""

    def __init__(self, app: ASGIApp, listener: socket.socket, tls: Certificate | None = None) -> None:
        config = uvicorn.Config(
            app,
            access_log=False,
            server_header=False,
            log_config=None,
            lifespan="off",
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=30,
            ssl_certfile=tls.certificate if tls else None,
            ssl_keyfile=tls.key if tls else None,
        )
        self._server = _Embedded(config)
        self._listener = listener
        self.port = int(listener.getsockname()[1])

    def stop(self) -> None:
        """No further request is taken; `serve` returns when the running ones are answered."""
        self._server.should_exit = True

    async def serve(self) -> None:
        """Requests are answered, until `stop`."""
        await self._server.serve(sockets=[self._listener])

    async def started(self) -> None:
        """Returns when requests are taken."""
        await self._server.ready.wait()
