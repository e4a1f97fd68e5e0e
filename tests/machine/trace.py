"""What happened in a program, line by line, for who has to find out why its verdict is bad.

Kept only where the soak is given a folder for it (`TRACES`): each line has the seconds since the start, who it was, and
what he did.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TextIO

import httpx

LONGEST = 1500
# How table storage says the type of a property, and the headers of its batches.
NOISE = ("--", "Content-", "x-ms-", "DataService", "Accept", "If-Match", "Date")
TYPES = re.compile(r'"[^"]*@odata\.type": "[^"]*",? ?')
_who: ContextVar[str] = ContextVar("who", default="people")
_to: list[tuple[TextIO, float]] = []


def act_as(name: str) -> None:
    """What this task does from now on is his."""
    _who.set(name)


def say(text: str) -> None:
    for file, start in _to:
        file.write(f"{time.monotonic() - start:.3f} {_who.get()}: {text[:LONGEST]}\n")


def sent(arguments: Any, named: Any) -> None:
    """A request of a worker, as httpx or aiohttp sends it; what it only reads is not written down."""
    if not _to:
        return
    if isinstance(arguments[1], httpx.Request):
        method, url, body = arguments[1].method, str(arguments[1].url), arguments[1].content
    else:
        method, url, body = arguments[1], str(arguments[2]), named.get("data") or b""
    if method != "GET" and "/messages" not in url:
        text = body.decode(errors="replace") if isinstance(body, bytes) else str(body)
        said = [line for line in TYPES.sub("", text).splitlines() if line and not line.startswith(NOISE)]
        say(f"{method} {url.partition('?')[0]} {' '.join(said)}")


@contextmanager
def tracing(path: Path | None) -> Iterator[None]:
    """The lines of the block are in the file; of none where there is no file."""
    if path is None:
        yield
        return
    with path.open("w", encoding="utf-8") as file:
        _to.append((file, time.monotonic()))
        try:
            yield
        finally:
            _to.clear()
