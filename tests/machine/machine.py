"""The stateful machine: a program is run against the engine, both stand-ins and real storage, and judged."""

import asyncio
from base64 import b64decode
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue.aio import QueueServiceClient

from local.vault import RunningVault
from shared.bootstrap import Parts
from shared.engine.parts import Engine
from shared.engine.requests import request_full_sync
from shared.engine.work import NotHandled, work
from shared.messages import QUEUES, QueueName, SyncMessage, decode
from shared.ports import Queue
from tests.machine.journal import Journal
from tests.machine.landscape import Landscape
from tests.machine.mortal import Life, live, mortality
from tests.machine.people import People
from tests.machine.program import Program, Step, shown
from tests.machine.remap import mapped, remap
from tests.machine.tap import FIRST_NUMBER, Tap
from tests.machine.verdict import Verdict, verdict
from tests.machine.weather import Weather, weather
from tests.sync.bench import READS, Bench, bench

LEASE_SECONDS = 5
# Delays of back-off pass so much faster than they would; one that waits for a lease to run out does not.
HASTE = 0.1
MOST_DEQUEUES = 5
LONGEST_QUIET = 120.0
# As the one-minute timer does, and the queue that shows a dead worker's message again.
TIMER_SECONDS = 1.0
POLICIES = ("azure-devops", "oneplan", "hold", "latest")


class Failed(AssertionError):
    """The verdict on a program; its text replays it. `tally` is what it did up to then."""

    tally: "Tally"


@dataclass(frozen=True)
class Hasty:
    """The queue, with shorter delays."""

    queue: Queue

    async def send(self, queue: QueueName, message: SyncMessage, delay_seconds: float = 0.0) -> None:
        hasty = delay_seconds if delay_seconds == LEASE_SECONDS + 1 else round(delay_seconds * HASTE)
        await self.queue.send(queue, message, hasty)


@dataclass
class Tally:
    """What a program did, for the figures of the soak."""

    edits: int = 0
    writes: int = 0
    conflicts: int = 0
    echoes: int = 0
    duplicates: int = 0
    lost: int = 0
    excused: int = 0
    windows: int = 0
    deaths: int = 0
    unhandled: int = 0
    raised: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)


@dataclass
class Machine:
    """One program at work."""

    made: Bench
    engine: Engine
    people: People
    random: Random
    storage: QueueServiceClient
    tap: Tap
    now: Weather = field(default_factory=Weather)
    tally: Tally = field(default_factory=Tally)
    loop_time: float = 0.0

    async def first_sync(self) -> None:
        if not await self._settled():
            raise Failed("the first sync did not come to an end")

    async def run(self, program: Program) -> None:
        for step in program:
            started = asyncio.get_running_loop().time()
            match step.kind:
                case "weather":
                    self._turn(weather(step.dice[0]))
                case "deliver":
                    await self._deliver()
                case "sync":
                    await self._deliver()
                    await self._sync(patience=10.0)
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
        self.random.shuffle(messages)
        for message in messages:
            await self.engine.queue.send("sync-hooks", message)
        await self._pump(None, patience=10.0)

    async def _sync(self, patience: float) -> None:
        run = await request_full_sync(self.engine, self.made.connection, "timer")
        await self._pump(run.id, patience)

    async def _pump(self, run: str | None, patience: float) -> bool:
        """Works on the queues until nothing visible is left and the run is over, or patience is."""
        loop = asyncio.get_running_loop()
        deadline, timer = loop.time() + patience, loop.time() + TIMER_SECONDS
        while loop.time() < deadline:
            if not await self._drained() and (run is None or await self._over(run)):
                return True
            if run is not None and loop.time() > timer:
                timer = loop.time() + TIMER_SECONDS
                await request_full_sync(self.engine, self.made.connection, "timer")
            await asyncio.sleep(0.01)
        return False

    async def _over(self, run: str) -> bool:
        found = await self.engine.runs.get(self.made.connection, run)
        return found is None or found.over

    async def _drained(self) -> int:
        taken = []
        for queue in QUEUES:
            client = self.storage.get_queue_client(queue)
            with suppress(ResourceNotFoundError):
                async for message in client.receive_messages(max_messages=16, visibility_timeout=300):
                    taken.append((client, queue, message))
                    if len(taken) >= 16:
                        break
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
            try:
                ended = await asyncio.create_task(_ended(live(work(self.engine, queue, decoded), life)))
            except NotHandled:
                self.tally.unhandled += 1
                ended = True
            except Exception as error:
                self.tally.raised[f"{type(error).__name__}: {error}"] += 1
                ended = message.dequeue_count >= MOST_DEQUEUES
            else:
                self.tally.deaths += not ended
            if not ended:
                await client.update_message(message, visibility_timeout=1)
                return
        await client.delete_message(message)

    async def _quiet(self, step: Step) -> None:
        """The weather is fair, what was sent is worked on, one full sync runs: then everything must be right."""
        self._turn(Weather())
        await self._deliver()
        if not await self._settled():
            raise Failed(f"step {step}: the full sync did not come to an end in {LONGEST_QUIET:g} s")
        fields = await mapped(self.made.parts, self.made.connection)
        found = await verdict(self.made.systems, self.made.storage, self.made.connection, self.people.journal, fields)
        echoes = await self._echoes()
        self._count(found, echoes)
        problems = [*found.problems, *self._told(echoes)]
        if problems:
            listed = "\n  ".join(problems[:20])
            raise Failed(f"step {step}: {len(problems)} problems\n  {listed}")

    def _told(self, echoes: Mapping[str, int]) -> list[str]:
        if not echoes:
            return []
        latest = "\n    ".join(list(self.tap.latest)[-sum(echoes.values()) :])
        return [f"{sum(echoes.values())} writes without an edit: {dict(echoes)}\n    {latest}"]

    async def _settled(self) -> bool:
        """A run that is under way ends first: the quiet one is read from a world at rest."""
        for _ in range(3):
            run = await request_full_sync(self.engine, self.made.connection, "timer")
            fresh = run.started is None
            if not await self._pump(run.id, LONGEST_QUIET) or not await self._pump(None, LONGEST_QUIET):
                return False
            ended = await self.engine.runs.get(self.made.connection, run.id)
            if fresh and ended is not None and ended.state == "done":
                return True
        return False

    async def _echoes(self) -> dict[str, int]:
        """The writes of another round of all messages and of a full sync, with no edit in between."""
        before = self._writes()
        for number in sorted({one.number for one in self.people.land.pairs()}):
            message = SyncMessage(self.made.connection, "hook", side="azure-devops", item=str(number), event="updated")
            await self.engine.queue.send("sync-hooks", message)
        for plan in sorted({one.plan for one in self.people.land.pairs("plan")}):
            saved = SyncMessage(self.made.connection, "save", side="oneplan", item=plan, event="saved")
            await self.engine.queue.send("sync-hooks", saved)
        await self._pump(None, LONGEST_QUIET)
        await self._sync(LONGEST_QUIET)
        return {route: count for route, count in (self._writes() - before).items() if count}

    def _writes(self) -> Counter[str]:
        calls = Counter(self.made.devops_calls) + Counter(self.made.oneplan_calls)
        reads = (*READS, "POST /{organization}/_apis/wit/wiql", "POST /{organization}/_apis/wit/workitemsbatch")
        return Counter({route: count for route, count in calls.items() if not route.startswith(reads)})

    def _count(self, found: Verdict, echoes: dict[str, int]) -> None:
        tally, journal = self.tally, self.people.journal
        ahead = sum(edit.number >= FIRST_NUMBER for edit in journal.edits)
        tally.edits, tally.windows = self.people.acts + ahead, journal.windows
        tally.writes, tally.conflicts = self._writes().total(), found.conflicts
        tally.echoes += sum(echoes.values())
        tally.duplicates += found.duplicates
        tally.lost, tally.excused = len(found.lost), len(found.excused)


async def _ended(worker: Any) -> bool:
    return bool(await worker)


async def run_program(
    storage: str, vault: RunningVault, program: Program, *, seed: int, size: int = 24, **members: Any
) -> Tally:
    """The program's figures; Failed, with all that replays it, where the verdict is bad."""
    random = Random(f"machine/{seed}")
    policy = members.pop("policy", random.choice(POLICIES))
    async with AsyncExitStack() as stack:
        tap = Tap(random)
        wanted = {"lease_seconds": LEASE_SECONDS, "around": tap.around, **members}
        made = await stack.enter_async_context(bench(storage, vault, size=size, seed=f"machine-{seed}", **wanted))
        made.devops.faults.apply({"seed": seed})
        made.oneplan.faults.apply({"seed": seed})
        stack.enter_context(mortality())
        queues = await stack.enter_async_context(QueueServiceClient.from_connection_string(storage))
        await made.connect(conflictPolicy=policy, brake={"share": 1.0, "items": 1000})
        people = tap.people = People(Landscape(made), made.connection, Journal())
        machine = Machine(made, hasty(made.parts), people, random, queues, tap)
        try:
            await machine.first_sync()
            await machine.run(program)
        except Failed as failure:
            replay = f"seed {seed}, policy {policy}, size {size}\nprogram: {shown(program)}"
            told = Failed(f"{failure}\n{replay}")
            told.tally = machine.tally
            raise told from None
        return machine.tally


def hasty(parts: Parts) -> Engine:
    return replace(parts.engine, queue=Hasty(parts.engine.queue))
