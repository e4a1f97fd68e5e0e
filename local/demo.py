"""`make demo` and `make demo-once`: everything on one machine, with a realistic organization that is synced at once.

SIZE is the number of work items (300), SEED the organization; ports as for `make local`, and PORT_ADO, PORT_ONEPLAN.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from local.azure_devops.seed.oddities import PLAN_LEVEL_TYPES, TASK_TYPES
from local.processes import StartFailed
from local.run import ChildEnded, LocalRun, Ports, local_run, port
from local.standins import GROUP, KEY, KEY_NAME, ORGANIZATION, PAT, StandIn, start_azure_devops, start_oneplan
from local.vault.store import Store

REFUSED_PREFIX = "⛔"
BAR = 32


@dataclass(frozen=True)
class Demo:
    """A running demo and the connection in it."""

    local: LocalRun
    azure_devops: StandIn
    oneplan: StandIn
    http: httpx.Client

    def get(self, path: str) -> Any:
        answer = self.http.get(f"/api/{path}")
        answer.raise_for_status()
        return answer.json()


@dataclass(frozen=True)
class Result:
    """What `make demo-once` prints as its last line (contracts.md)."""

    work_items: int
    plans: int
    tasks: int
    left_out: int
    waiting: int
    failures: int
    drift: int
    azure_devops_calls: int
    oneplan_calls: int
    seconds: float

    def json(self) -> str:
        return json.dumps(
            {
                "workItems": self.work_items,
                "plans": self.plans,
                "tasks": self.tasks,
                "leftOut": self.left_out,
                "waiting": self.waiting,
                "failures": self.failures,
                "drift": self.drift,
                "calls": {"azureDevOps": self.azure_devops_calls, "oneplan": self.oneplan_calls},
                "seconds": round(self.seconds, 1),
            }
        )

    @property
    def in_step(self) -> bool:
        return not (self.waiting or self.failures or self.drift)


@contextmanager
def demo(folder: Path, environment: Mapping[str, str]) -> Iterator[Demo]:
    """Everything runs for the length of the block, its data in the folder."""
    size, seed = int(environment.get("SIZE", "300")), environment.get("SEED", "default")
    devops = start_azure_devops(size, seed, port(environment, "PORT_ADO", 7081), folder / "azure-devops.log")
    try:
        oneplan = start_oneplan(port(environment, "PORT_ONEPLAN", 7082), folder / "oneplan.log")
        try:
            if seed == "failing":
                oneplan.control("faults", {"switches": {"refuse_name_prefix": REFUSED_PREFIX}})
            settings = {"ALLOWED_HOSTS": f"{devops.root},{oneplan.root}"}
            with (
                local_run(folder, Ports.read(environment), settings, folder / "functions.log") as local,
                httpx.Client(base_url=local.functions, timeout=60, trust_env=False) as http,
            ):
                yield Demo(local, devops, oneplan, http)
        finally:
            oneplan.child.stop()
    finally:
        devops.child.stop()


def connection_of(devops: StandIn, oneplan: StandIn) -> dict[str, Any]:
    """The connection that the seeded organization is meant for."""
    return {
        "name": "Contoso",
        "oneplan": {
            "group": GROUP,
            "url": oneplan.root,
            "keyName": KEY_NAME,
            "key": KEY,
            "buttonName": "Contoso DevOps",
        },
        "azureDevOps": {
            "url": f"{devops.root}/{ORGANIZATION}",
            "patName": "demo",
            "pat": PAT,
            "patExpires": f"{time.gmtime().tm_year + 1}-01-31",
        },
        "planLevelTypes": list(PLAN_LEVEL_TYPES),
        "taskTypes": list(TASK_TYPES),
        "defaultOwner": "pmo@contoso.com",
    }


def connect(running: Demo) -> tuple[str, str]:
    """(connection, run): created through the configuration API."""
    answer = running.http.post("/api/connections", json=connection_of(running.azure_devops, running.oneplan))
    if answer.status_code != 201:
        raise StartFailed(f"the connection was refused: {answer.text}")
    made = answer.json()
    return made["id"], made["run"]


def follow(running: Demo, connection: str, run: str, title: str) -> dict[str, Any]:
    """The run when it is over; its progress is shown until then."""
    while True:
        shown = running.get(f"connections/{connection}/runs/{run}")
        _show(title, shown)
        if shown["state"] in ("done", "failed", "stopped"):
            print(file=sys.stderr)
            return dict(shown)
        time.sleep(0.3)


def _show(title: str, shown: Mapping[str, Any]) -> None:
    """One line that is written over itself on a terminal."""
    done, total = shown["progress"]["done"], shown["progress"]["total"]
    filled = round(BAR * done / total) if total else 0
    rest = shown["progress"]["remainingSeconds"]
    left = f"{rest} s left" if rest else ""
    what = f"{done} of {total} items" if total else f"{shown['stage'] or 'starting'} ..."
    line = f"\r{title:<12} [{'#' * filled}{'.' * (BAR - filled)}] {what:<22} {left:<12}"
    print(line, end="", flush=True, file=sys.stderr)


def first_sync(running: Demo, connection: str, run: str) -> Result:
    """The first sync, then a full sync that must find nothing to do."""
    began = time.monotonic()
    first = follow(running, connection, run, "first sync")
    took = time.monotonic() - began
    calls = running.azure_devops.calls, running.oneplan.calls
    if first["state"] != "done":
        raise StartFailed(f"the first sync ended as {first['state']}: {first['problem']}")
    again = running.http.post(f"/api/connections/{connection}/sync", json={"kind": "full"}).json()["run"]
    second = follow(running, connection, again, "second look")
    counts, later = first["counts"], second["counts"]
    return Result(
        work_items=counts["workItems"],
        plans=later.get("plansLinked", 0),
        tasks=later.get("tasksLinked", 0),
        left_out=counts["leftOut"],
        waiting=later["waiting"],
        failures=later["failures"],
        drift=later.get("drifted", 0),
        azure_devops_calls=calls[0],
        oneplan_calls=calls[1],
        seconds=took,
    )


def summary(result: Result, running: Demo, connection: str) -> str:
    """What a person wants to know after the first sync."""
    lines = [
        "",
        f"  {result.work_items} work items in Azure DevOps",
        f"  {result.plans} plans and {result.tasks} tasks in OnePlan, {result.left_out} left out by the rules:",
    ]
    runs = running.get(f"connections/{connection}/runs")["runs"]
    lines += [
        f"      {count:>4}  {reason}" for reason, count in sorted(runs[0]["leftOut"].items(), key=lambda one: -one[1])
    ]
    if runs[0]["unmatchedUsers"]:
        lines.append(
            f"  {len(runs[0]['unmatchedUsers'])} people are not known to OnePlan; their fields were left alone:"
        )
        lines.append(f"      {', '.join(runs[0]['unmatchedUsers'])}")
    failures = running.get(f"connections/{connection}/failures")["failures"]
    lines += [f"  failed: #{one['item']} {one['title'][:60]}\n      {one['reason']}" for one in failures]
    spent = f"{result.azure_devops_calls} calls to Azure DevOps, {result.oneplan_calls} to OnePlan"
    lines.append(f"  {spent}, {result.seconds:.1f} s; then {result.drift} of them out of step")
    return "\n".join(lines)


def ready(running: Demo, connection: str) -> str:
    """The line that other programs wait for (contracts.md)."""
    body = {
        "page": running.local.functions,
        "functions": running.local.functions,
        "azureDevOps": f"{running.azure_devops.root}/{ORGANIZATION}",
        "oneplan": running.oneplan.root,
        "connection": connection,
        "hookSecret": _hook_secret(running, connection),
    }
    return f"READY {json.dumps(body)}"


def _hook_secret(running: Demo, connection: str) -> str:
    """Only a local demo ever shows one (contracts.md)."""
    store = Store(running.local.folder / "vault" / "secrets.json", purge_protection=True)
    return store.get(f"hook-{connection}-1").newest.value


def main() -> int:
    """The exit status: of `--once`, 1 where something is not in step."""
    once = "--once" in sys.argv[1:]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="oneplan-demo-"))
    try:
        with demo(folder, os.environ) as running:
            connection, run = connect(running)
            result = first_sync(running, connection, run)
            print(summary(result, running, connection))
            if once:
                print(result.json(), flush=True)
                return 0 if result.in_step else 1
            print(running.local.summary)
            print(ready(running, connection), flush=True)
            running.local.watch()
    except KeyboardInterrupt:
        return 0
    except (StartFailed, ChildEnded, httpx.HTTPError) as error:
        print(f"demo: {error}", file=sys.stderr, flush=True)
        print(_last_lines(folder / "functions.log"), file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _last_lines(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
