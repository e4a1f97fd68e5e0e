"""The two stand-in systems as child processes."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from local.parts import READY_SECONDS, ROOT
from local.processes import LOOPBACK, Child, on_free_port, start, wait_until

ORGANIZATION, PAT, KEY_NAME, KEY, GROUP = "contoso", "demo-pat", "demo", "demo-key", "Contoso PMO"


@dataclass(frozen=True)
class StandIn:
    """A stand-in in a process of its own. `root` is its address without any path."""

    child: Child
    root: str

    def control(self, route: str, body: Any = None) -> Any:
        """The answer of a control route; posted where there is a body."""
        url = f"{self.root}/__control/{route}"
        answer = httpx.get(url, timeout=60) if body is None else httpx.post(url, json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    @property
    def calls(self) -> int:
        """How many requests it was sent since the last reset."""
        return int(self.control("calls")["total"])


def start_azure_devops(size: int, seed: str, port: int = 0, log: Path | None = None) -> StandIn:
    """An organization of that many work items answers. Raises StartFailed."""
    return _start("azure_devops", ["--size", str(size), "--seed", seed], port, log)


def start_oneplan(port: int = 0, log: Path | None = None) -> StandIn:
    """A OnePlan environment answers. Raises StartFailed."""
    return _start("oneplan", [], port, log)


def _start(name: str, options: Sequence[str], port: int, log: Path | None) -> StandIn:
    def begin(port: int) -> StandIn:
        command = [sys.executable, "-m", f"local.{name}", "--port", str(port), *options]
        child = start(re.sub("_", " ", name), command, log=log, folder=ROOT)
        root = f"http://{LOOPBACK}:{port}"
        wait_until(child, lambda: _answers(root), READY_SECONDS)
        return StandIn(child, root)

    return on_free_port(name, port, begin)


def _answers(root: str) -> bool:
    try:
        return httpx.get(f"{root}/__control/calls", timeout=5).status_code == 200
    except httpx.TransportError:
        return False
