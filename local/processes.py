"""Child processes, each in a process group of its own, that are stopped or killed whole."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
# How often a port is chosen anew that was free a moment ago.
TRIES = 4


class StartFailed(Exception):
    """A child ended, or was not ready in time; the message names it and ends with its last output."""


@dataclass(frozen=True)
class Child:
    """One running process and all that it started."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path | None = None

    @property
    def running(self) -> bool:
        """True while the process itself has not ended."""
        return self.process.poll() is None

    def stop(self, timeout: float = 15) -> int:
        """The process has ended after SIGTERM, or after SIGKILL where `timeout` seconds were not enough."""
        self._signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        """The process and everything it started are gone, with no chance to tidy up."""
        self._signal(signal.SIGKILL)
        return self.process.wait()

    def output(self, lines: int = 20) -> str:
        """The last lines of the log; empty where the output goes to the terminal."""
        text = self.log.read_text(errors="replace") if self.log and self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def _signal(self, number: signal.Signals) -> None:
        if self.running:
            os.killpg(self.process.pid, number)


def start(
    name: str,
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
    folder: Path | None = None,
) -> Child:
    """The command runs in a process group of its own, its output in `log` or on this terminal.

    It has this process's environment and, over that, `environment`. Ctrl-C in the terminal does not reach it, so
    that the parent decides the order of stopping.
    """
    variables = {**os.environ, **(environment or {})}
    if log is None:
        return Child(name, _popen(command, variables, None, folder))
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        return Child(name, _popen(command, variables, output.fileno(), folder), log)


def _popen(
    command: Sequence[str], variables: Mapping[str, str], output: int | None, folder: Path | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*_dies_with_parent(), *command],
        env=variables,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        start_new_session=True,
    )


def _dies_with_parent() -> list[str]:
    """On Linux the child gets SIGTERM when the thread that started it ends, even by a kill."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def wait_until(child: Child, ready: Callable[[], bool], timeout: float) -> None:
    """`ready` was true while the child was running.

    Raises StartFailed, after killing the child, when it ended or `timeout` seconds went by.
    """
    deadline = time.monotonic() + timeout
    while not ready():
        if not child.running:
            raise StartFailed(f"{child.name} ended with status {child.process.returncode}:\n{child.output()}")
        if time.monotonic() > deadline:
            child.kill()
            raise StartFailed(f"{child.name} was not ready after {timeout:.0f} s:\n{child.output()}")
        time.sleep(0.05)


def listening_socket(name: str, port: int) -> socket.socket:
    """A socket listening on loopback; port 0 picks a free one. Raises StartFailed naming a taken port."""
    # Named as TCP, so that asyncio sends small answers at once: otherwise each costs 40 ms of delayed acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
        return listener
    except OSError as error:
        listener.close()
        raise StartFailed(f"{name}: port {port} is not free ({error.strerror})") from error


def free_port(name: str, port: int) -> int:
    """`port` itself when it is free, a free one for 0. Raises StartFailed naming a taken port."""
    with listening_socket(name, port) as listener:
        return int(listener.getsockname()[1])


def on_free_port[Started](name: str, port: int, begin: Callable[[int], Started]) -> Started:
    """What was begun on `port`, or on a free one for 0: on another one where somebody took that in between.

    Raises StartFailed.
    """
    for _ in range(TRIES if port == 0 else 0):
        chosen = free_port(name, port)
        try:
            return begin(chosen)
        except StartFailed as error:
            if f"port {chosen} is not free" not in str(error):
                raise
    return begin(free_port(name, port))
