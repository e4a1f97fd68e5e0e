"""The items of one page: those above before those below, a few at a time, each failing alone (R13, R35)."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shared.core.errors import Fatal, NotOffered, RateLimited, Rejected, Retriable, Stale, Unreachable
from shared.core.snapshots import work_item_id
from shared.engine.bodies import Subject, subject_of
from shared.engine.comments import keep_comments
from shared.engine.desk import Desk
from shared.engine.parts import Context
from shared.engine.reconcile import Outcome, reconcile
from shared.engine.requests import send_item
from shared.ports import Failure, LostLease, Page, WaitingItem

AT_ONCE = 8
# After this many attempts at its page, an item that got no clear answer is listed as failed.
ATTEMPTS, ATTEMPTS_ALONE = 4, 10
LONGEST_DELAY = 60.0
STALE_ROUNDS = 3


@dataclass
class ItemsResult:
    """`again`: some items are to be tried once more after `delay`; `deferred`: because the budget is used up. `fatal`:
    the credential was refused, so that nothing more can be done for now."""

    counts: Mapping[str, int] = field(default_factory=dict)
    finished: tuple[str, ...] = ()
    again: bool = False
    delay: float = 0.0
    deferred: bool = False
    fatal: Fatal | None = None


@dataclass(frozen=True)
class Job:
    """What is done for one item of a page; `run` is repeatable."""

    key: str
    title: str
    run: Callable[[], Awaitable[Outcome]]


@dataclass
class Work:
    """The items of a page at work."""

    context: Context
    desk: Desk
    attempt: int
    failed_before: frozenset[str]
    counts: Counter[str] = field(default_factory=Counter)
    finished: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    limited: float | None = None
    fatal: Fatal | None = None
    away: bool = False
    succeeded: bool = False


async def work_items(context: Context, page: Page) -> ItemsResult:
    """Every item that could be brought over is; the others are listed as failed or waiting, or come again."""
    body = await context.engine.bodies.get(context.id, context.run, page.body)
    subjects = [one for one in map(subject_of, body) if one.item.key not in page.finished]
    failed = frozenset(one.key for one in await context.engine.failures.list(context.id))
    work = Work(context, Desk(context), page.attempt, failed)
    for layer in layers(subjects):
        await work_jobs(work, [_job(work.desk, subject) for subject in layer])
    await release_waiting(context, work.desk)
    return result_of(work)


def _job(desk: Desk, subject: Subject) -> Job:
    return Job(subject.item.key, subject.item.item.title, lambda: _until_not_stale(desk, subject))


async def work_jobs(work: Work, jobs: Iterable[Job]) -> None:
    """Every job was tried, a few at a time, each failing alone; none is begun once a credential was refused."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(_one(work, gate, job))


def result_of(work: Work) -> ItemsResult:
    again = work.limited is not None or bool(work.delays)
    if not again and work.fatal is None:
        work.counts["waiting"] += len(work.waiting)
        work.finished += work.waiting
    delay = max([work.limited or 0.0, *work.delays])
    waits_for_budget = again and not work.delays and not work.away
    return ItemsResult(dict(work.counts), tuple(work.finished), again, delay, waits_for_budget, work.fatal)


def layers(subjects: Sequence[Subject]) -> list[list[Subject]]:
    """Items that may be worked on at once: none of a layer stands above another, nor is a plan of the same name and
    type as another."""
    depth: dict[str, int] = {}
    alike: Counter[tuple[str, str]] = Counter()
    found: dict[int, list[Subject]] = {}
    for one in subjects:
        name = (one.item.item.title, one.type)
        layer = depth[one.above] + 1 if one.above in depth else alike[name] if one.kind == "plan" else 0
        alike[name] += 1
        depth[one.item.key] = layer
        found.setdefault(layer, []).append(one)
    return [found[layer] for layer in sorted(found)]


async def _one(work: Work, gate: asyncio.Semaphore, job: Job) -> None:
    async with gate:
        if work.limited is not None or work.fatal is not None:
            return
        try:
            outcome = await job.run()
        except Fatal as error:
            work.fatal = error  # raised here, it would cut the others off in the middle of their writes
        except RateLimited as error:
            work.limited = max(work.limited or 0.0, error.retry_after or 1.0)
        except Unreachable as error:
            # A system that is away is no item's fault: the page waits for it, and no item is listed as failed.
            work.limited, work.away = _delay(work, error), True
        except (Retriable, LostLease, Stale) as error:
            await _try_later(work, job, error)
        except Rejected as error:
            await _failed(work, job, error)
        else:
            await _succeeded(work, job, outcome)


async def _until_not_stale(desk: Desk, subject: Subject) -> Outcome:
    for _ in range(STALE_ROUNDS - 1):
        try:
            return await _in_step(desk, subject)
        except Stale:
            continue
    return await _in_step(desk, subject)


async def _in_step(desk: Desk, subject: Subject) -> Outcome:
    outcome = await reconcile(desk, subject)
    await keep_comments(desk, subject.item)
    return outcome


async def _succeeded(work: Work, job: Job, outcome: Outcome) -> None:
    work.succeeded = True
    work.counts["drifted"] += outcome.drifted
    if outcome.result == "waiting":
        work.waiting.append(job.key)  # looked at once more where its page comes again
        return
    if job.key in work.failed_before:
        await work.context.engine.failures.remove(work.context.id, job.key)
    work.counts[outcome.result] += 1
    work.finished.append(job.key)


async def _failed(work: Work, job: Job, error: Exception) -> None:
    steps = error.steps if isinstance(error, NotOffered) else ""
    failure = Failure(job.key, job.title, str(error), steps=steps, run=work.context.run)
    await work.context.engine.failures.add(work.context.id, failure)
    work.counts["failed"] += 1
    work.finished.append(job.key)


async def _try_later(work: Work, job: Job, error: Exception) -> None:
    """An item that somebody else holds, or that got no clear answer, comes again with its page.

    It is listed as failed after some attempts: a few where other items of its page succeed, so that the system is
    there, and more where none does.
    """
    if work.attempt >= (ATTEMPTS if work.succeeded else ATTEMPTS_ALONE):
        await _failed(work, job, error)
        return
    work.delays.append(_delay(work, error))


def _delay(work: Work, error: Exception) -> float:
    """What the remote system asks for, else 2, 6, 18, 54 and at most 60 seconds."""
    asked = error.retry_after if isinstance(error, Retriable) else None
    return asked or min(LONGEST_DELAY, 2.0 * 3.0 ** (work.attempt - 1))


async def release_waiting(context: Context, desk: Desk) -> None:
    """Items that waited for one that is linked now are taken up again (R18)."""
    if not desk.linked_now:
        return
    for one in await context.engine.waiting.list(context.id):
        if one.parent in desk.linked_now:
            await _release(context, one)


async def _release(context: Context, item: WaitingItem) -> None:
    """The message is sent before the row goes: dying in between costs a message too many."""
    number = work_item_id(item.key)
    if number is not None:
        await send_item(context.engine, context.id, number)
    await context.engine.waiting.remove(context.id, item)
