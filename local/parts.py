"""The parts of a local run as child processes: the vault and the functions host (Azurite: `local.azurite`)."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from local.processes import LOOPBACK, Child, on_free_port, start, wait_until
from local.vault.server import RunningVault

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 90.0
REQUEST_SECONDS = 5.0


@dataclass(frozen=True)
class VaultProcess:
    """A vault in a process of its own."""

    child: Child
    vault: RunningVault


@dataclass(frozen=True)
class FunctionsProcess:
    """A functions host in a process of its own."""

    child: Child
    url: str


def start_vault(location: Path, port: int = 0, log: Path | None = None) -> VaultProcess:
    """A vault answers that keeps its secrets in the folder. Raises StartFailed."""
    certificate = location / "certificate.pem"

    def begin(port: int) -> VaultProcess:
        command = [sys.executable, "-m", "local.vault", "--port", str(port), "--location", str(location)]
        child = start("vault", command, log=log, folder=ROOT)
        wait_until(child, lambda: certificate.exists() and _answers(f"https://{LOOPBACK}:{port}"), READY_SECONDS)
        return VaultProcess(child, RunningVault(port, certificate))

    return on_free_port("vault", port, begin)


def start_functions(
    environment: Mapping[str, str],
    port: int = 0,
    log: Path | None = None,
    app: Path = ROOT,
    options: Sequence[str] = (),
) -> FunctionsProcess:
    """The app of a folder answers, with these settings; `options` are further ones of `python -m local.host`.

    Raises StartFailed.
    """

    def begin(port: int) -> FunctionsProcess:
        command = [sys.executable, "-m", "local.host", "--port", str(port), "--app", str(app), *options]
        child = start("functions", command, {"PORT_FUNCTIONS": str(port), **environment}, log, ROOT)
        url = f"http://{LOOPBACK}:{port}"
        wait_until(child, lambda: _answers(url), READY_SECONDS)
        return FunctionsProcess(child, url)

    return on_free_port("functions", port, begin)


def _answers(url: str) -> bool:
    """Whether anything answers there, whatever it says; only loopback is asked, so no certificate is checked."""
    try:
        httpx.get(url, verify=False, timeout=REQUEST_SECONDS, trust_env=False)  # noqa: S501
    except httpx.TransportError:
        return False
    return True
