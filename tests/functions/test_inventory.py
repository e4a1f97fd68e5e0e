"""Exactly these functions exist, with these triggers, and each runs in the real runtime."""

from typing import Any

import httpx
import pytest

from tests.functions.conftest import Product

HTTP = {
    "azure_devops_hook": ("hooks/azure-devops/{connection}", ["POST"]),
    "oneplan_hook": ("hooks/oneplan/{connection}", ["POST"]),
    "health": ("health", ["GET"]),
    "list_connections": ("connections", ["GET"]),
    "create_connection": ("connections", ["POST"]),
    "check_connection": ("connections/check", ["POST"]),
    "get_connection": ("connections/{connection}", ["GET"]),
    "get_mapping": ("connections/{connection}/mapping", ["GET"]),
    "put_mapping": ("connections/{connection}/mapping", ["PUT"]),
    "get_fields": ("connections/{connection}/fields", ["GET"]),
    "list_versions": ("connections/{connection}/versions", ["GET"]),
    "diff_version": ("connections/{connection}/versions/{version}/diff", ["GET"]),
    "export_configuration": ("connections/{connection}/configuration.yaml", ["GET"]),
    "restore_version": ("connections/{connection}/versions/{version}/restore", ["POST"]),
    "import_configuration": ("connections/{connection}/configuration.yaml", ["PUT"]),
    "openapi": ("openapi.json", ["GET"]),
    "configuration_schema": ("schemas/configuration.json", ["GET"]),
    "replace_connection": ("connections/{connection}", ["PUT"]),
    "delete_connection": ("connections/{connection}", ["DELETE"]),
    "enable_connection": ("connections/{connection}/enable", ["POST"]),
    "disable_connection": ("connections/{connection}/disable", ["POST"]),
    "rotate_hook_secret": ("connections/{connection}/rotate", ["POST"]),
    "pause_everything": ("pause", ["POST"]),
    "resume_everything": ("resume", ["POST"]),
    "connection_health": ("connections/{connection}/health", ["GET"]),
    "list_audit": ("connections/{connection}/audit", ["GET"]),
    "get_users": ("connections/{connection}/users", ["GET"]),
    "put_users": ("connections/{connection}/users", ["PUT"]),
    "discover": ("discover", ["POST"]),
    "explain_item": ("connections/{connection}/items/explain", ["GET"]),
    "release_run": ("connections/{connection}/runs/{run}/release", ["POST"]),
    "start_sync": ("connections/{connection}/sync", ["POST"]),
    "list_runs": ("connections/{connection}/runs", ["GET"]),
    "get_run": ("connections/{connection}/runs/{run}", ["GET"]),
    "list_failures": ("connections/{connection}/failures", ["GET"]),
    "retry_failures": ("connections/{connection}/failures/retry", ["POST"]),
    "list_activity": ("connections/{connection}/activity", ["GET"]),
    "get_activity": ("connections/{connection}/activity/{entry}", ["GET"]),
    "undo_activity": ("connections/{connection}/activity/{entry}/undo", ["POST"]),
    "list_conflicts": ("connections/{connection}/conflicts", ["GET"]),
    "settle_conflict": ("connections/{connection}/conflicts/{conflict}/settle", ["POST"]),
    "list_waiting": ("connections/{connection}/waiting", ["GET"]),
}
QUEUES = {
    "work_interactive": "sync-interactive",
    "work_hooks": "sync-hooks",
    "work_timers": "sync-timers",
    "work_bulk": "sync-bulk",
}
TIMERS = {"dispatch_due_syncs": "0 * * * * *", "purge_old_activity": "0 17 * * * *"}


def triggers(product: Product) -> dict[str, dict[str, Any]]:
    """The trigger of each function, by the function's name, as the runtime indexed it."""
    functions = httpx.get(f"{product.url}/admin/functions").json()
    return {
        function["name"]: next(one for one in function["config"]["bindings"] if one["type"].endswith("Trigger"))
        for function in functions
    }


def run(product: Product, name: str, text: str) -> httpx.Response:
    return httpx.post(f"{product.url}/admin/functions/{name}", json={"input": text}, timeout=20)


def test_the_http_functions_are_exactly_these(product: Product) -> None:
    found = {name: one for name, one in triggers(product).items() if one["type"] == "httpTrigger"}
    assert {name: (one["route"], one["methods"]) for name, one in found.items()} == HTTP
    assert {one["authLevel"].lower() for one in found.values()} == {"anonymous"}


def test_the_queue_functions_are_exactly_these(product: Product) -> None:
    found = {name: one for name, one in triggers(product).items() if one["type"] == "queueTrigger"}
    assert {name: one["queueName"] for name, one in found.items()} == QUEUES
    assert {one["connection"] for one in found.values()} == {"AzureWebJobsStorage"}


def test_the_timers_are_exactly_these(product: Product) -> None:
    found = {name: one for name, one in triggers(product).items() if one["type"] == "timerTrigger"}
    assert {name: one["schedule"] for name, one in found.items()} == TIMERS


def test_there_is_no_other_function(product: Product) -> None:
    assert set(triggers(product)) == {*HTTP, *QUEUES, *TIMERS}


@pytest.mark.parametrize("name", TIMERS)
def test_each_timer_runs(product: Product, name: str) -> None:
    assert run(product, name, "").status_code == 202


@pytest.mark.parametrize(("name", "path"), [(name, route) for name, (route, methods) in HTTP.items()])
def test_each_http_function_runs(product: Product, name: str, path: str) -> None:
    (method,) = HTTP[name][1]
    answer = httpx.request(method, f"{product.url}/api/{path.replace('{connection}', 'nobody')}", timeout=20)
    assert answer.status_code in (200, 400, 404, 415), answer.text
