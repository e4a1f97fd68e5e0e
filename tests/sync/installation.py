"""A whole installation in processes of its own: storage, vault, stand-ins, and one or more hosts over them."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from local.azurite import running_azurite
from local.demo import connection_of
from local.parts import start_functions, start_vault
from local.processes import Child
from local.standins import ORGANIZATION, StandIn, start_azure_devops, start_oneplan
from tests.sync.independent import Systems

LEASE_SECONDS = 3


@dataclass
class Installation:
    """`settings` are those of every host; `hosts` are the hosts that run now."""

    folder: Path
    settings: dict[str, str]
    azure_devops: StandIn
    oneplan: StandIn
    hosts: list[tuple[Child, str]] = field(default_factory=list)

    @property
    def systems(self) -> Systems:
        return Systems(f"{self.azure_devops.root}/{ORGANIZATION}", self.oneplan.root)

    def start_host(self, *more: str) -> None:
        """`more` are further options of the local host."""
        log = self.folder / f"functions-{time.monotonic_ns()}.log"
        options = ("--invisibility", str(LEASE_SECONDS), *more)
        started = start_functions(self.settings, log=log, options=options)
        self.hosts.append((started.child, started.url))

    def kill_hosts(self) -> None:
        """SIGKILL to the whole process tree of every host."""
        for child, _ in self.hosts:
            child.kill()
        self.hosts.clear()

    def post(self, path: str, body: Any) -> Any:
        answer = httpx.post(f"{self.hosts[0][1]}/api/{path}", json=body, timeout=60)
        assert answer.is_success, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        answer = httpx.get(f"{self.hosts[0][1]}/api/{path}", timeout=60)
        assert answer.is_success, answer.text
        return answer.json()

    def connect(self) -> tuple[str, str]:
        """(connection, run)"""
        made = self.post("connections", connection_of(self.azure_devops, self.oneplan))
        return made["id"], made["run"]

    def sync(self, connection: str) -> str:
        """The run that is under way; a run whose worker died goes on."""
        return str(self.post(f"connections/{connection}/sync", {"kind": "full"})["run"])

    def ended(self, connection: str, run: str, seconds: float = 90.0) -> dict[str, Any]:
        """The run once it is over. It is asked for again and again, as the timer does each minute."""
        deadline = time.monotonic() + seconds
        asked = time.monotonic()
        while time.monotonic() < deadline:
            shown = self.get(f"connections/{connection}/runs/{run}")
            if shown["state"] in ("done", "failed", "stopped"):
                return dict(shown)
            if time.monotonic() - asked > LEASE_SECONDS:
                asked = time.monotonic()
                httpx.post(f"{self.hosts[0][1]}/admin/functions/dispatch_due_syncs", json={"input": ""}, timeout=60)
            time.sleep(0.1)
        raise AssertionError(f"the run did not end: {shown}")


@contextmanager
def installation(folder: Path, size: int, *, rate_scale: float = 20.0, seed: str = "default") -> Iterator[Installation]:
    """Without a host as yet. `rate_scale` is that of the stand-ins and of the budgets."""
    before = os.environ.get("RATE_SCALE")
    os.environ["RATE_SCALE"] = str(rate_scale)
    with ExitStack() as stack:
        storage = stack.enter_context(running_azurite())
        vault = start_vault(folder / "vault")
        stack.callback(vault.child.stop)
        devops = start_azure_devops(size, seed, log=folder / "azure-devops.log")
        stack.callback(devops.child.stop)
        oneplan = start_oneplan(log=folder / "oneplan.log")
        stack.callback(oneplan.child.stop)
        settings = {
            "AzureWebJobsStorage": storage.connection_string,
            "ALLOWED_HOSTS": f"{devops.root},{oneplan.root}",
            "LEASE_SECONDS": str(LEASE_SECONDS),
            "RATE_SCALE": str(rate_scale),
            **vault.vault.settings,
        }
        made = Installation(folder, settings, devops, oneplan)
        stack.callback(made.kill_hosts)
        yield made
    if before is None:
        del os.environ["RATE_SCALE"]
    else:
        os.environ["RATE_SCALE"] = before
