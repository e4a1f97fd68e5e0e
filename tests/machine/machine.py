"""The stateful machine: a program is run against the engine, both stand-ins and real storage, and judged."""

import asyncio
from base64 import b64decode
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from azure.storage.queue.aio import QueueServiceClient

from local.vault import RunningVault
from shared.configuration import parse_connection
from shared.engine.by_person import retry
from shared.engine.incremental import feed_in_use
from shared.engine.parts import Engine
from shared.engine.requests import request_full_sync, request_incremental
from shared.engine.saving import create
from shared.engine.work import NotHandled, work
from shared.messages import QUEUES, QueueName, SyncMessage, decode
from shared.ports import Run
from shared.ports.runs import RunKind
from tests.machine import trace
from tests.machine.hasty import LEASE_SECONDS, Hasty
from tests.machine.journal import Journal
from tests.machine.landscape import Landscape
from tests.machine.mortal import Life, live, mortality
from tests.machine.news import SWITCHES, Mode
from tests.machine.people import People
from tests.machine.post import Post, receiving
from tests.machine.program import Program, Step, shown
from tests.machine.remap import mapped, remap
from tests.machine.tally import Failed, Tally
from tests.machine.tap import FIRST_NUMBER, Tap
from tests.machine.verdict import Verdict, verdict
from tests.machine.weather import Weather, weather
from tests.sync.bench import READS, Bench, bench, queues_of, serving, taken_of

MOST_DEQUEUES = 5
LONGEST_QUIET = 300.0
# As the one-minute timer does.
TIMER_SECONDS = 1.0
# A dead worker's message is there again after ten minutes, long after his lease: so it is not lost to a lease of his.
HIDDEN = LEASE_SECONDS + 1
# The seconds between the tries of Azure DevOps to send a notification pass so much faster.
RESENDING = 0.02
# Asked for once a week, and at each move between plans: the stand-in has no such route here, so it writes nothing.
REFUSED = ("POST /api/workplan/{plan}/tasks/{task}/move",)
ALL_READS = (
    *REFUSED,
    *READS,
    *(f"POST /{{organization}}/_apis/wit/{one}" for one in ("wiql", "workitemsbatch", "reporting/")),
)
RUNS: Mapping[str, tuple[RunKind, ...]] = {
    "sync": ("full",),
    "incremental": ("incremental",),
    "both": ("full", "incremental"),
}
POLICIES = ("azure-devops", "oneplan", "hold", "latest")


@dataclass
class Machine:
    """One program at work."""

    made: Bench
    engine: Engine
    hasty: Hasty
    people: People
    random: Random
    storage: QueueServiceClient
    tap: Tap
    post: Post
    mode: Mode = "messages"
    now: Weather = field(default_factory=Weather)
    tally: Tally = field(default_factory=Tally)
    loop_time: float = 0.0

    async def first_sync(self) -> None:
        if not await self._settled("full") or not (self.mode == "messages" or await self._settled("incremental")):
            raise Failed("the first sync did not come to an end")

    async def run(self, program: Program) -> None:
        self.post.fair = False
        for step in program:
            started = asyncio.get_running_loop().time()
            trace.say(f"step {step}")
            match step.kind:
                case "weather":
                    self._turn(weather(step.dice[0]))
                case "deliver":
                    await self._deliver()
                case "sync" | "incremental" | "both":
                    await self._deliver()
                    await self._sync(step.kind, patience=10.0)
                case "mapping":
                    await remap(self.made.parts, self.made.connection)
                case "quiet":
                    await self._quiet(step)
                case _:
                    await self.people.do(step)
            self.tally.seconds[step.kind.partition("-")[0]] += asyncio.get_running_loop().time() - started  # type: ignore[assignment]

    def _turn(self, to: Weather) -> None:
        self.now = to
        self.tap.share = to.windows
        for system, world in (("devops", self.made.devops), ("oneplan", self.made.oneplan)):
            world.faults.rules.clear()
            world.faults.apply({"rules": to.rules(system)})

    async def _deliver(self) -> None:
        """What is outstanding arrives, in no order, and is worked on under the weather."""
        messages, self.people.messages = self.people.messages, []
        if self.mode == "messages":
            self.random.shuffle(messages)
            for message in messages:
                await self.engine.queue.send("sync-hooks", message)
        await self.post.deliver(everything=self.post.fair)
        await self._pump(None, patience=10.0)

    async def _sync(self, kind: str, patience: float) -> None:
        """`both`: a full sync begins, and an incremental one beside it."""
        for run in [await self._requested(one) for one in RUNS[kind]]:
            await self._pump(run, patience)

    async def _requested(self, kind: RunKind) -> Run:
        """As the one-minute timer does, which also lets a run go on whose worker died."""
        request = request_incremental if kind == "incremental" else request_full_sync
        return await request(self.engine, self.made.connection, "timer")

    async def _pump(self, run: Run | None, patience: float) -> bool:
        """Works on the queues until nothing visible is left and the run is over, or patience is."""
        loop = asyncio.get_running_loop()
        deadline, timer = loop.time() + patience, loop.time() + TIMER_SECONDS
        while loop.time() < deadline:
            if not await self._drained() and not self._on_the_way and (run is None or await self._over(run)):
                return True
            if run is not None and loop.time() > timer:
                timer = loop.time() + TIMER_SECONDS
                await self._requested(run.kind)
            await asyncio.sleep(0.01)
        return False

    @property
    def _on_the_way(self) -> int:
        """What both systems have sent that nobody has taken yet."""
        return self.made.devops.deliveries.pending + self.made.oneplan.outbox.pending

    async def _over(self, run: Run) -> bool:
        found = await self.engine.runs.get(self.made.connection, run.id)
        return found is None or found.over

    async def _drained(self) -> int:
        taken = await taken_of(self.storage, *QUEUES)
        self.random.shuffle(taken)
        async with asyncio.TaskGroup() as group:
            for client, queue, message in taken:
                group.create_task(self._worked(client, queue, message))
        return len(taken)

    async def _worked(self, client: Any, queue: QueueName, message: Any) -> None:
        """A message of a worker that died is there again after a while."""
        decoded = decode(b64decode(message.content).decode())
        if decoded.connection == self.made.connection:
            dies = self.random.random() < self.now.deaths
            life = Life(self.random.randrange(24), after=self.random.random() < 0.5) if dies else None
            trace.act_as(f"{queue}/{message.id[:8]}")
            trace.say(f"works on {decoded.encode()}{f', to die: {life}' if life else ''}")
            try:
                ended = await asyncio.create_task(_ended(live(work(self.engine, queue, decoded), life)))
            except NotHandled:
                self.tally.unhandled += 1
                ended = True
            except Exception as error:
                self.tally.raised[f"{type(error).__name__}: {error}"] += 1
                ended = message.dequeue_count >= MOST_DEQUEUES
                trace.say(f"raised {type(error).__name__}: {error}")
            else:
                self.tally.deaths += not ended
                trace.say("ended" if ended else "died")
            if not ended:
                self.hasty.hides(HIDDEN)
                await client.update_message(message, visibility_timeout=HIDDEN)
                return
        await client.delete_message(message)

    async def _quiet(self, step: Step) -> None:
        """The weather is fair, what was sent is worked on, one sync runs: then everything must be right.

        A full sync where messages are made up, for those that were lost; else an incremental one finds everything.
        """
        self._turn(Weather())
        self.post.fair = True
        await self._deliver()
        if not await self._settled("full" if self.mode == "messages" else "incremental"):
            raise Failed(f"step {step}: the sync did not come to an end in {LONGEST_QUIET:g} s")
        fields = await mapped(self.made.parts, self.made.connection)
        found = await verdict(self.made.systems, self.made.storage, self.made.connection, self.people.journal, fields)
        echoes = await self._echoes()
        self._count(found, echoes)
        problems = [*found.problems, *self._told(echoes)]
        problems += [f"a receiver answered {one}" for one in self.post.refused]
        if problems:
            listed = "\n  ".join(problems[:20])
            raise Failed(f"step {step}: {len(problems)} problems\n  {listed}")
        self.post.fair = False

    def _told(self, echoes: Mapping[str, int]) -> list[str]:
        if not echoes:
            return []
        latest = "\n    ".join(list(self.tap.latest)[-sum(echoes.values()) :])
        return [f"{sum(echoes.values())} writes without an edit: {dict(echoes)}\n    {latest}"]

    async def _settled(self, kind: RunKind) -> bool:
        """A run that is under way ends first: the quiet one is read from a world at rest."""
        for _ in range(3):
            run = await self._requested(kind)
            fresh = run.started is None
            if not await self._pump(run, LONGEST_QUIET) or not await self._nothing_is_left():
                return False
            ended = await self.engine.runs.get(self.made.connection, run.id)
            # A run of the timer that found nothing leaves no row.
            if fresh and (ended is None or ended.state == "done"):
                return kind == "full" or await self._round_is_over()
        return False

    async def _nothing_is_left(self) -> bool:
        """What was put off has come back too, and what came of it, and so on."""
        while await self._pump(None, LONGEST_QUIET):
            wait = self.hasty.until - asyncio.get_running_loop().time()
            if wait < 0:
                return True
            await asyncio.sleep(wait + 0.1)
        return False

    async def _round_is_over(self) -> bool:
        """Tasks that no feed tells of are found once the round through the plans has come by, and what is listed as
        failed once a person has it tried again."""
        in_use = await feed_in_use(self.engine, self.made.connection) or {}
        stored = await self.engine.connections.get(self.made.connection)
        assert stored is not None
        period = stored.configuration.schedule.incremental_minutes * 60
        for _ in range(round(in_use.get("delaySeconds", 0) / period) - 1):
            if not await self._pump(await self._requested("incremental"), LONGEST_QUIET):
                return False
        self.tally.retried += await retry(self.engine, self.made.connection, None)
        return await self._nothing_is_left()

    async def _echoes(self) -> dict[str, int]:
        """The writes of another round of all messages, of old news and of syncs, with no edit in between."""
        before = self._writes()
        if self.mode in ("messages", "hooks"):
            await self._tell_everything()
        await self.post.again()
        await self._nothing_is_left()
        await self._sync("sync" if self.mode == "messages" else "both", LONGEST_QUIET)
        return {route: count for route, count in (self._writes() - before).items() if count}

    async def _tell_everything(self) -> None:
        for number in sorted({one.number for one in self.people.land.pairs()}):
            message = SyncMessage(self.made.connection, "hook", side="azure-devops", item=str(number), event="updated")
            await self.engine.queue.send("sync-hooks", message)
        for plan in sorted({one.plan for one in self.people.land.pairs("plan")}):
            saved = SyncMessage(self.made.connection, "save", side="oneplan", item=plan, event="saved")
            await self.engine.queue.send("sync-hooks", saved)

    def _writes(self) -> Counter[str]:
        calls = Counter(self.made.devops_calls) + Counter(self.made.oneplan_calls)
        return Counter({route: count for route, count in calls.items() if not route.startswith(ALL_READS)})

    def _count(self, found: Verdict, echoes: dict[str, int]) -> None:
        tally, journal = self.tally, self.people.journal
        ahead = sum(edit.number >= FIRST_NUMBER for edit in journal.edits)
        tally.edits, tally.windows = self.people.acts + ahead, journal.windows
        tally.writes, tally.conflicts = self._writes().total(), found.conflicts
        tally.echoes += sum(echoes.values())
        tally.duplicates += found.duplicates
        tally.lost, tally.excused = len(found.lost), len(found.excused)
        tally.letters = self.post.fates


async def _ended(worker: Any) -> bool:
    return bool(await worker)


async def run_program(
    storage: str,
    vault: RunningVault,
    program: Program,
    *,
    seed: int,
    size: int = 24,
    mode: Mode = "messages",
    **members: Any,
) -> Tally:
    """The program's figures; Failed, with all that replays it, where the verdict is bad."""
    random = Random(f"machine/{seed}")
    policy = members.pop("policy", random.choice(POLICIES))
    async with AsyncExitStack() as stack:
        tap, post = Tap(random), Post(Random(f"post/{seed}"))
        address = await stack.enter_async_context(serving(post.app))
        wanted = {"lease_seconds": LEASE_SECONDS, "around": tap.around, "oneplan": SWITCHES.get(mode, {}), **members}
        wanted["settings"] = {"PUBLIC_URL": address, "LOCAL_MODE": "true"}
        made = await stack.enter_async_context(bench(storage, vault, size=size, seed=f"machine-{seed}", **wanted))
        made.devops.faults.apply({"seed": seed})
        made.oneplan.faults.apply({"seed": seed})
        made.devops.deliveries.time_scale = RESENDING
        await stack.enter_async_context(receiving(post, made.parts))
        stack.enter_context(mortality())
        queues = await stack.enter_async_context(queues_of(storage))
        await _connect(made, mode, conflictPolicy=policy, brake={"share": 1.0, "items": 1000})
        people = tap.people = People(Landscape(made), made.connection, Journal())
        hasty = Hasty(made.parts.queue)
        engine = replace(made.parts.engine, queue=hasty)
        machine = Machine(made, engine, hasty, people, random, queues, tap, post, mode)
        try:
            await machine.first_sync()
            await machine.run(program)
        except Failed as failure:
            replay = f"mode {mode}, seed {seed}, policy {policy}, size {size}\nprogram: {shown(program)}"
            told = Failed(f"{failure}\n{replay}")
            told.tally = machine.tally
            raise told from None
        return machine.tally


async def _connect(made: Bench, mode: Mode, **members: Any) -> None:
    """With hooks, the connection registers itself as one that the API saves."""
    if mode != "hooks":
        await made.connect(**members)
        return
    saved = await create(made.parts.engine, parse_connection(made.body(**members)))
    made.connection = saved.connection.id
    assert {step.state for name, step in saved.connection.steps.items() if name in ("event", "subscriptions")} == {
        "done"
    }
