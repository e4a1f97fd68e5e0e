"""Child processes."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from local.processes import Child, StartFailed, free_port, listening_socket, on_free_port, start, wait_until
from tests.runtime.waiting import eventually

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
FAMILY = (
    "import subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(child.pid, flush=True); time.sleep(60)"
)


def _python(code: str, log: Path, environment: dict[str, str] | None = None) -> Child:
    return start("child", [sys.executable, "-c", code], environment, log)


def _alive(process: int) -> bool:
    """Whether a process runs; a zombie that nobody has reaped does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_child_has_the_environment_and_its_output_is_in_the_log(tmp_path: Path) -> None:
    child = _python("import os; print(os.environ['GIVEN'], 'HOME' in os.environ)", tmp_path / "log", {"GIVEN": "here"})
    assert child.process.wait(10) == 0
    assert child.output() == "here True"


def test_a_child_that_ends_before_it_is_ready_is_named_with_its_last_words(tmp_path: Path) -> None:
    child = _python("import sys; print('no luck'); sys.exit(3)", tmp_path / "log")
    with pytest.raises(StartFailed, match="child ended with status 3:\nno luck"):
        wait_until(child, lambda: False, 10)


def test_a_child_that_is_not_ready_in_time_is_killed(tmp_path: Path) -> None:
    child = _python("import time; time.sleep(60)", tmp_path / "log")
    with pytest.raises(StartFailed, match="child was not ready after 0 s"):
        wait_until(child, lambda: False, 0.2)
    assert not child.running


def test_a_child_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    child = _python(STUBBORN, tmp_path / "log")
    wait_until(child, lambda: child.output() == "up", 10)
    assert child.stop(timeout=0.3) == -signal.SIGKILL


def test_a_kill_takes_the_whole_family(tmp_path: Path) -> None:
    child = _python(FAMILY, tmp_path / "log")
    wait_until(child, lambda: child.output().isdecimal(), 10)
    grandchild = int(child.output())
    assert _alive(grandchild)
    child.kill()
    eventually(lambda: not _alive(grandchild))


@pytest.mark.skipif(sys.platform != "linux", reason="the parent's death is a signal on Linux only")
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from local.processes import start;"
        f"child = start('c', [sys.executable, '-c', 'import time; time.sleep(60)'], log=Path({str(tmp_path / 'c')!r}));"
        "print(child.process.pid, flush=True); time.sleep(60)"
    )
    parent = _python(code, tmp_path / "log", {"PYTHONPATH": os.getcwd()})
    wait_until(parent, lambda: parent.output().isdecimal(), 10)
    orphan = int(parent.output())
    time.sleep(0.2)  # for the wish to die with the parent to be in place
    parent.process.kill()
    parent.process.wait()
    eventually(lambda: not _alive(orphan))


def test_a_free_port_is_found_and_a_taken_one_named() -> None:
    found = free_port("part", 0)
    assert found > 0
    with listening_socket("part", found), pytest.raises(StartFailed, match=f"part: port {found} is not free"):
        free_port("part", found)


def test_a_port_that_is_taken_right_after_it_was_free_is_chosen_anew() -> None:
    tried: list[int] = []

    def begin(port: int) -> int:
        tried.append(port)
        if len(tried) == 1:
            raise StartFailed(f"vault ended with status 1: port {port} is not free")
        return port

    assert on_free_port("vault", 0, begin) == tried[1]


@pytest.mark.parametrize(("port", "why"), [(0, "no certificate"), (1, "port 1 is not free")])
def test_what_else_keeps_it_from_starting_is_told_at_once(port: int, why: str) -> None:
    tried: list[int] = []

    def begin(port: int) -> int:
        tried.append(port)
        raise StartFailed(why)

    with pytest.raises(StartFailed, match=why):
        on_free_port("vault", port, begin)
    assert len(tried) <= 1
