"""Serves a stand-in on loopback; prints the address when it accepts connections."""

import asyncio
import signal
import socket

import uvicorn
from starlette.types import ASGIApp


def bind(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1; port 0 picks a free one. OSError where the port is taken."""
    # Named as TCP, so that asyncio sends small answers at once: otherwise each costs 40 ms of delayed acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener


def server_of(app: ASGIApp) -> uvicorn.Server:
    """A quiet server: no access log, since URLs hold secrets (design.md, decision 19)."""
    return uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on"))


async def serve(app: ASGIApp, port: int, name: str, path: str = "") -> None:
    """Serves until SIGTERM or SIGINT. Prints `{name}: http://127.0.0.1:{port}{path}` once it is up."""
    listener = bind(port)
    server = server_of(app)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not running.done():  # noqa: ASYNC110 - uvicorn says it in an attribute only
        await asyncio.sleep(0.01)
    print(f"{name}: http://127.0.0.1:{listener.getsockname()[1]}{path}", flush=True)
    await running


def main(app: ASGIApp, port: int, name: str, path: str = "") -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        asyncio.run(serve(app, port, name, path))
    except KeyboardInterrupt:
        return
    except OSError as error:
        raise SystemExit(f"{name}: port {port} cannot be used: {error.strerror}") from error
