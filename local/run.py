"""`make local`, `python -m local.run [folder]`: Azurite, the local vault and the functions, until Ctrl-C.

Ports come from PORT_FUNCTIONS, PORT_AZURITE_BLOB, _QUEUE, _TABLE and PORT_VAULT; 0 picks a free one. All data stays
in the folder, `.local` unless given. Other settings of the app (ALLOWED_HOSTS, say) are those of the environment.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from local.azurite import Azurite, start_azurite
from local.parts import READY_SECONDS, REQUEST_SECONDS, ROOT, FunctionsProcess, start_functions, start_vault
from local.processes import Child, StartFailed, wait_until
from local.vault.server import RunningVault

HEALTH = "/api/health"
WATCH_SECONDS = 0.2


class ChildEnded(Exception):
    """A part of a local run ended by itself; the message says which and how."""


@dataclass(frozen=True)
class Ports:
    """Where the parts listen; 0: on a free port."""

    functions: int = 7071
    blob: int = 10000
    queue: int = 10001
    table: int = 10002
    vault: int = 7083

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Ports":
        """The ports that the environment sets, else the usual ones. Raises StartFailed naming a wrong one."""
        return cls(
            functions=port(environment, "PORT_FUNCTIONS", cls.functions),
            blob=port(environment, "PORT_AZURITE_BLOB", cls.blob),
            queue=port(environment, "PORT_AZURITE_QUEUE", cls.queue),
            table=port(environment, "PORT_AZURITE_TABLE", cls.table),
            vault=port(environment, "PORT_VAULT", cls.vault),
        )


@dataclass(frozen=True)
class LocalRun:
    """A running local installation."""

    azurite: Azurite
    vault: RunningVault
    functions: str
    children: tuple[Child, ...]
    folder: Path

    def watch(self) -> None:
        """Raises ChildEnded when a part has ended; returns never."""
        while True:
            for child in self.children:
                if not child.running:
                    status = child.process.returncode
                    raise ChildEnded(f"{child.name} ended with status {status}\n{child.output()}".rstrip())
            time.sleep(WATCH_SECONDS)

    @property
    def summary(self) -> str:
        """Where everything is, for a person to read."""
        ports = f"{self.azurite.blob_port}, {self.azurite.queue_port}, {self.azurite.table_port}"
        lines = [
            "",
            f"  functions  {self.functions}  (health: {self.functions}{HEALTH})",
            f"  storage    Azurite on ports {ports} (blob, queue, table)",
            f"  vault      {self.vault.url} on port {self.vault.port}",
            "",
            f"Ctrl-C stops everything; the data stays under {self.folder}",
        ]
        return "\n".join(lines)


@contextmanager
def local_run(
    folder: Path, ports: Ports, environment: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[LocalRun]:
    """Everything runs and is healthy for the length of the block, its data in the folder.

    The functions have `environment` besides the settings of storage and vault, and write to `log` or the terminal.
    They are stopped first and Azurite last, by SIGTERM, so that nothing is lost. Raises StartFailed.
    """
    with ExitStack() as stack:
        azurite_ports = (ports.blob, ports.queue, ports.table)
        azurite = start_azurite(folder / "azurite.log", azurite_ports, folder / "azurite")
        stack.callback(azurite.stop)
        vault = start_vault(folder / "vault", ports.vault, folder / "vault.log")
        stack.callback(vault.child.stop)
        settings = {"AzureWebJobsStorage": azurite.connection_string, **vault.vault.settings}
        functions = start_functions({**settings, **(environment or {})}, ports.functions, log)
        stack.callback(functions.child.stop)
        _wait_until_healthy(functions)
        yield LocalRun(azurite, vault.vault, functions.url, (functions.child, vault.child, azurite.child), folder)


def main() -> int:
    """The exit status: 0 after Ctrl-C or SIGTERM, 1 with the reason when a part did not start or ended."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with local_run(_folder(), Ports.read(os.environ)) as running:
            print(running.summary, flush=True)
            _watch(running)
    except KeyboardInterrupt:
        return 0
    except (StartFailed, ChildEnded) as error:
        print(f"local: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


def _folder() -> Path:
    return Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / ".local"


def _watch(running: LocalRun) -> None:
    try:
        running.watch()
    finally:  # a second Ctrl-C must not cut the orderly stop short
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)


def _wait_until_healthy(functions: FunctionsProcess) -> None:
    """Raises StartFailed with what health said last."""
    answers: list[str] = []

    def healthy() -> bool:
        answer = httpx.get(functions.url + HEALTH, timeout=REQUEST_SECONDS, trust_env=False)
        answers.append(f"{answer.status_code} {answer.text}")
        return answer.status_code == 200

    try:
        wait_until(functions.child, healthy, READY_SECONDS)
    except StartFailed as error:
        raise StartFailed(f"{error}\n{HEALTH} said: {answers[-1]}") from error
    except httpx.TransportError as error:
        raise StartFailed(f"functions: {HEALTH} did not answer ({type(error).__name__})") from error


def port(environment: Mapping[str, str], name: str, usual: int) -> int:
    """The port that the environment sets, else the usual one. Raises StartFailed naming a wrong one."""
    text = environment.get(name, "").strip() or str(usual)
    if not text.isdecimal() or int(text) > 65535:
        raise StartFailed(f"{name} must be a port number from 0 to 65535, not {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
