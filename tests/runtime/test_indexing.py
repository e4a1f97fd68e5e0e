"""What the host says of an app before it serves it."""

import sys
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from local.host import FunctionsHost, HostFailed, IndexingFailed, SettingMissing, UnservedBinding
from local.parts import start_functions
from local.processes import StartFailed
from tests.runtime.conftest import FIXTURE_APP, HERE
from tests.runtime.waiting import eventually_async


def _host(name: str) -> FunctionsHost:
    return FunctionsHost(HERE / name, queues=False, timers=False)


async def test_routes_methods_queues_and_schedules_are_as_declared() -> None:
    async with _host("fixture_app") as host:
        triggers = {each.name: each.trigger for each in host.functions}
    assert triggers["echo"]["route"] == "echo/{name}/{part?}"
    assert triggers["echo"]["methods"] == ["GET", "POST"]
    assert triggers["echo"]["authLevel"] == "ANONYMOUS"
    assert triggers["take"]["connection"] == "AzureWebJobsStorage"
    assert triggers["always_raising"]["queueName"] == "%FAILING_QUEUE%"
    assert triggers["tick"]["schedule"] == "%TICK_SCHEDULE%"


async def test_one_process_can_serve_an_app_again_after_it_stopped() -> None:
    for _ in range(2):
        async with _host("fixture_app") as host, httpx.AsyncClient(base_url=host.url) as client:
            assert len(host.functions) == 9
            assert (await client.get("/echo/fixed")).text == "fixed"
            assert (await host.run("tick")).succeeded
            assert (await client.get("/received")).json()["ticks"] == 1


async def test_an_app_that_something_else_imported_before_is_imported_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "function_app", ModuleType("function_app"))
    async with _host("fixture_app") as host:
        assert len(host.functions) == 9


async def test_a_timer_function_runs_on_its_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICK_SCHEDULE", "* * * * * *")
    async with FunctionsHost(FIXTURE_APP, queues=False):
        app = sys.modules["function_app"]
        await eventually_async(lambda: app.ticks[:1] == [False])


async def test_a_second_app_at_the_same_time_is_refused() -> None:
    async with _host("fixture_app"):
        with pytest.raises(HostFailed, match="one app at a time"):
            await _host("unserved_binding_app").start()


async def test_an_undeclared_parameter_fails_the_indexing_and_is_named() -> None:
    with pytest.raises(IndexingFailed, match=r"careless.*'forgotten'"):
        await _host("undeclared_parameter_app").start()


async def test_an_import_that_raises_fails_the_indexing_with_its_reason() -> None:
    with pytest.raises(IndexingFailed, match="the import failed on purpose"):
        await _host("failing_import_app").start()


async def test_a_binding_that_the_host_does_not_serve_is_refused_by_name() -> None:
    with pytest.raises(UnservedBinding, match="careless declares the binding 'out' of type 'queue'"):
        await _host("unserved_binding_app").start()


async def test_after_a_refusal_another_app_can_be_served() -> None:
    with pytest.raises(IndexingFailed):
        await _host("undeclared_parameter_app").start()
    async with _host("fixture_app") as host:
        assert len(host.functions) == 9


async def test_a_folder_without_an_app_or_without_settings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingMissing, match=r"host\.json is missing"):
        await FunctionsHost(tmp_path).start()
    (tmp_path / "host.json").write_text("{}")
    with pytest.raises(IndexingFailed, match=r"holds no function_app\.py"):
        await FunctionsHost(tmp_path).start()


async def test_a_missing_app_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICK_SCHEDULE", "0 * * * * *")
    monkeypatch.setenv("AzureWebJobsStorage", "UseDevelopmentStorage=true")
    monkeypatch.delenv("TAKEN_QUEUE", raising=False)
    with pytest.raises(SettingMissing, match="the setting TAKEN_QUEUE is missing"):
        await FunctionsHost(FIXTURE_APP).start()


@pytest.mark.parametrize("option", [(), ("--specialize",)])
def test_the_command_ends_with_1_and_the_reason(option: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match=r"(?s)ended with status 1.*not started: .*forgotten"):
        start_functions({}, log=tmp_path / "log", app=HERE / "undeclared_parameter_app", options=option)
