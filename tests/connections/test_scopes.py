"""The least rights that a token needs, and what a connection does with fewer (R7, R9)."""

import pytest

from local.azure_devops.model import Token
from local.azure_devops.seed.tokens import MINIMUM
from shared.engine.pausing import pause_of
from shared.refusals import InvalidInput
from tests.connections.conftest import Desk
from tests.sync.bench import Bench

IMPORT_ONLY = {"options": {"allowOnePlanEdits": False}}


def _with(bench: Bench, pat: str) -> dict[str, object]:
    return {"azureDevOps": {**bench.body()["azureDevOps"], "pat": pat}}


async def test_the_minimum_scopes_are_enough_for_every_step(desk: Desk) -> None:
    desk.bench.oneplan.faults.apply({"switches": {"connected_systems_route": True}})
    made = (await desk.create()).connection
    assert {step.state for step in made.steps.values()} == {"done"}


@pytest.mark.parametrize("missing", sorted(MINIMUM))
async def test_without_one_of_them_the_connection_is_refused_and_the_right_is_named(desk: Desk, missing: str) -> None:
    identity = desk.bench.devops.organization.tokens[0].identity
    desk.bench.devops.organization.tokens.append(Token("fewer", identity, MINIMUM - {missing}))
    with pytest.raises(InvalidInput) as refused:
        await desk.create(**_with(desk.bench, "fewer"))
    assert {error.path for error in refused.value.errors} == {"/azureDevOps/pat"}


async def test_a_read_only_token_imports_and_writes_nothing(desk: Desk) -> None:
    saved = await desk.create(**_with(desk.bench, "read-only-pat"), **IMPORT_ONLY)
    desk.bench.connection = saved.connection.id
    desk.bench.reset_calls()
    await desk.bench.pump(saved.run)
    run = await desk.bench.parts.engine.runs.get(saved.connection.id, saved.run)
    calls = desk.bench.devops_calls
    writes = [one for one in calls if not one.startswith("GET ") and not one.endswith(("wiql", "workitemsbatch"))]
    assert (run and run.state, bool(calls), writes) == ("done", True, [])


@pytest.mark.parametrize("status", [401, 403])
async def test_a_token_that_may_not_subscribe_is_a_warning_only(desk: Desk, status: int) -> None:
    """Also where the missing right looks like a token that is refused: nothing is paused for it."""
    desk.fault("azure-devops", kind="status", path="hooks/subscriptions", status=status)
    made = (await desk.create()).connection
    assert await pause_of(desk.bench.parts.engine, made.id) is None
    assert (made.steps["permissions"].state, made.steps["subscriptions"].state) == ("warning", "warning")
    assert "Edit Subscriptions" in made.steps["permissions"].what_to_do
