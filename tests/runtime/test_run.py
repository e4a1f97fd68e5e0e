"""`make local`, with the product's own app."""

import os
import signal
import sys
from pathlib import Path

import httpx
import pytest

from local.processes import Child, StartFailed, listening_socket, start, wait_until
from local.run import ChildEnded, Ports, local_run

FREE = {
    "PORT_FUNCTIONS": "0",
    "PORT_AZURITE_BLOB": "0",
    "PORT_AZURITE_QUEUE": "0",
    "PORT_AZURITE_TABLE": "0",
    "PORT_VAULT": "0",
}
ANYWHERE = Ports(0, 0, 0, 0, 0)


def _started(tmp_path: Path, ports: dict[str, str]) -> Child:
    command = [sys.executable, "-m", "local.run", str(tmp_path / "data")]
    return start("make local", command, ports, tmp_path / "run.log")


def test_the_ports_are_the_usual_ones_unless_the_environment_says_otherwise() -> None:
    assert Ports.read({}) == Ports(functions=7071, blob=10000, queue=10001, table=10002, vault=7083)
    assert Ports.read({"PORT_VAULT": "1", "PORT_FUNCTIONS": ""}).vault == 1
    assert Ports.read(FREE) == ANYWHERE
    with pytest.raises(StartFailed, match="PORT_AZURITE_BLOB must be a port number"):
        Ports.read({"PORT_AZURITE_BLOB": "99999"})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_when_health_is_good_and_ends_with_0(tmp_path: Path, number: signal.Signals) -> None:
    child = _started(tmp_path, FREE)
    wait_until(child, lambda: "Ctrl-C stops everything" in child.output(), 90)
    (line,) = [each for each in child.output().splitlines() if each.startswith("  functions")]
    assert httpx.get(line.split()[-1].rstrip(")"), trust_env=False).status_code == 200
    os.kill(child.process.pid, number)
    assert child.process.wait(20) == 0
    assert "Traceback" not in child.output(200)
    assert (tmp_path / "data" / "azurite" / "__azurite_db_table__.json").exists()


def test_a_taken_port_is_named_and_the_status_is_1(tmp_path: Path) -> None:
    with listening_socket("test", 0) as taken:
        child = _started(tmp_path, {**FREE, "PORT_VAULT": str(taken.getsockname()[1])})
        assert child.process.wait(90) == 1
        assert f"local: vault: port {taken.getsockname()[1]} is not free" in child.output()


def test_a_part_that_ends_is_named_and_the_others_are_stopped(tmp_path: Path) -> None:
    with local_run(tmp_path, ANYWHERE, log=tmp_path / "functions.log") as running:
        ports = (running.azurite.blob_port, running.azurite.table_port, running.vault.port)
        assert all(text in running.summary for text in (running.functions, *map(str, ports)))
        vault = next(each for each in running.children if each.name == "vault")
        vault.kill()
        with pytest.raises(ChildEnded, match="vault ended with status -9"):
            running.watch()
    assert not any(each.running for each in running.children)


def test_an_app_that_is_not_healthy_is_reported_with_what_health_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.run.READY_SECONDS", 0.5)
    with (
        pytest.raises(StartFailed, match=r"(?s)not ready.*/api/health said: 503.*RATE_SCALE"),
        local_run(tmp_path, ANYWHERE, {"RATE_SCALE": "wrong"}, tmp_path / "functions.log"),
    ):
        pass
