"""A refused credential pauses the connection, for one reason; it goes on by itself when it works again (issue 6)."""

from datetime import UTC, datetime, timedelta

from shared.engine.conduct import conduct_all
from shared.engine.pausing import pause_everything, pause_of, probe, resume_everything
from shared.engine.registration import keep_hooks
from shared.engine.requests import request_full_sync
from shared.engine.resting import look_after, resting_connections
from shared.engine.saving import disable, enable
from shared.engine.work import work
from shared.messages import Kind, QueueName, SyncMessage
from tests.connections.conftest import Desk
from tests.sync.bench import Bench


class Sent:
    """What is put on the queues from now on, instead of the real ones."""

    def __init__(self, bench: Bench) -> None:
        self.messages: list[tuple[QueueName, SyncMessage, float]] = []
        object.__setattr__(bench.parts.engine, "queue", self)

    async def send(self, queue: QueueName, message: SyncMessage, delay_seconds: float = 0.0) -> None:
        self.messages.append((queue, message, delay_seconds))

    def kinds(self) -> list[Kind]:
        return [message.kind for _, message, _ in self.messages]


def _hook(connection: str) -> SyncMessage:
    return SyncMessage(connection=connection, cause="hook", side="azure-devops", item="1")


async def test_a_refused_token_pauses_and_messages_are_put_off_without_end(desk: Desk) -> None:
    made = (await desk.create()).connection
    engine, sent = desk.bench.parts.engine, Sent(desk.bench)
    desk.bench.devops.organization.tokens.clear()
    for _ in range(30):
        await work(engine, "sync-hooks", _hook(made.id))
    pause = await pause_of(engine, made.id)
    assert pause is not None
    assert "access token" in pause.reason
    assert {(message.attempt, delay) for _, message, delay in sent.messages} == {(0, 300.0)}
    desk.bench.reset_calls()
    await work(engine, "sync-hooks", _hook(made.id))
    assert desk.bench.devops_calls == {}


async def test_a_run_rests_and_ends_when_the_token_works_again(desk: Desk) -> None:
    made = (await desk.create()).connection
    desk.bench.connection, engine = made.id, desk.bench.parts.engine
    await desk.bench.pump()
    tokens = list(desk.bench.devops.organization.tokens)
    desk.bench.devops.organization.tokens.clear()
    run = await request_full_sync(engine, made.id, "person")
    await desk.bench.pump()
    resting = await engine.runs.get(made.id, run.id)
    assert resting is not None
    assert not resting.over
    assert made.id in await resting_connections(engine)
    now = datetime.now(UTC)
    assert await probe(engine, made, now) is False
    desk.bench.devops.organization.tokens.extend(tokens)
    queue, sent = engine.queue, Sent(desk.bench)
    assert await probe(engine, made, now) is True
    object.__setattr__(engine, "queue", queue)
    assert sent.kinds() == ["run"]
    await conduct_all(engine)
    await desk.bench.pump(run.id)
    ended = await engine.runs.get(made.id, run.id)
    assert (ended and ended.state, await pause_of(engine, made.id)) == ("done", None)


async def test_probes_become_rarer_and_the_catch_up_follows(desk: Desk) -> None:
    made = (await desk.create()).connection
    engine, sent = desk.bench.parts.engine, Sent(desk.bench)
    tokens = list(desk.bench.devops.organization.tokens)
    desk.bench.devops.organization.tokens.clear()
    await work(engine, "sync-hooks", _hook(made.id))
    waits, now = [], datetime.now(UTC)
    for _ in range(6):
        pause = await pause_of(engine, made.id)
        assert pause is not None
        assert pause.probe is not None
        waits.append(round((pause.probe - now) / timedelta(minutes=1)))
        await look_after(engine, now := pause.probe)
        assert sent.kinds()[-1] == "probe"
        await probe(engine, made, now)
    assert waits == [2, 4, 8, 16, 30, 30]
    desk.bench.devops.organization.tokens.extend(tokens)
    await probe(engine, made, now)
    assert (sent.kinds()[-1], await pause_of(engine, made.id)) == ("run", None)


async def test_looking_after_the_hooks_pauses_as_well(desk: Desk) -> None:
    made = (await desk.create()).connection
    desk.bench.devops.organization.tokens.clear()
    kept = await keep_hooks(desk.bench.parts.engine, made)
    assert (kept.steps["subscriptions"].state, bool(await pause_of(desk.bench.parts.engine, made.id))) == (
        "pending",
        True,
    )


async def test_everything_is_paused_and_resumed(desk: Desk) -> None:
    made = (await desk.create()).connection
    engine, sent = desk.bench.parts.engine, Sent(desk.bench)
    try:
        await pause_everything(engine, "Ada")
        assert made.id in await resting_connections(engine)
        await work(engine, "sync-hooks", _hook(made.id))
        assert [(message, delay) for _, message, delay in sent.messages] == [(_hook(made.id), 300.0)]
    finally:
        await resume_everything(engine)
    assert "run" in sent.kinds()
    assert made.id not in await resting_connections(engine)


async def test_a_disabled_connection_drops_what_arrives_and_looks_for_it_when_enabled(desk: Desk) -> None:
    made = (await desk.create()).connection
    engine, sent = desk.bench.parts.engine, Sent(desk.bench)
    disabled = await disable(engine, made)
    desk.bench.reset_calls()
    await work(engine, "sync-hooks", _hook(made.id))
    assert (sent.messages, desk.bench.devops_calls, made.id in await resting_connections(engine)) == ([], {}, True)
    await enable(engine, disabled)
    assert sent.kinds() == ["run"]


async def test_team_projects_that_come_into_scope_or_leave_it_are_followed(desk: Desk) -> None:
    """A project that is renamed back into the scope's names, or away from them, is as one that came or went."""
    first, second, *_ = desk.bench.devops.organization.projects
    only = {"planLevelTypes": ["Epic", "Feature"], "taskTypes": ["Task", "Bug"]}
    made = (await desk.create(scope={"projects": [first.name, second.name]}, **only)).connection
    name, second.name = second.name, "Elsewhere"
    kept = await keep_hooks(desk.bench.parts.engine, made)
    assert {one.publisher("projectId") for one in desk.subscriptions} == {first.id}
    second.name = name
    kept = await keep_hooks(desk.bench.parts.engine, kept)
    assert {one.publisher("projectId") for one in desk.subscriptions} == {first.id, second.id}
    assert kept.steps["subscriptions"].detail == "10 subscriptions to 2 team projects."


async def test_what_was_on_probation_is_repaired_and_told(desk: Desk) -> None:
    made = (await desk.create()).connection
    silent = desk.subscriptions[0]
    silent.status = "onProbation"
    kept = await keep_hooks(desk.bench.parts.engine, made)
    later = await keep_hooks(desk.bench.parts.engine, kept)
    assert {one.status for one in desk.subscriptions} == {"enabled"}
    event = str(silent.body["eventType"]).removeprefix("workitem.")
    assert f"{event}: onProbation" in later.steps["subscriptions"].note
