"""The workers behind the four queues: one function per queue, so that each scales by itself (decision 11)."""

import hashlib
import logging

import azure.functions as func

from shared.bootstrap import parts
from shared.engine.work import NotHandled, work
from shared.messages import QueueName, UnreadableMessage, decode

bp = func.Blueprint()
log = logging.getLogger("sync.queue")

CONNECTION = "AzureWebJobsStorage"


@bp.function_name("work_interactive")
@bp.queue_trigger(arg_name="msg", queue_name="sync-interactive", connection=CONNECTION)
async def work_interactive(msg: func.QueueMessage) -> None:
    """What a person asked for and waits on."""
    await _work("sync-interactive", msg)


@bp.function_name("work_hooks")
@bp.queue_trigger(arg_name="msg", queue_name="sync-hooks", connection=CONNECTION)
async def work_hooks(msg: func.QueueMessage) -> None:
    """What people saved on either side."""
    await _work("sync-hooks", msg)


@bp.function_name("work_timers")
@bp.queue_trigger(arg_name="msg", queue_name="sync-timers", connection=CONNECTION)
async def work_timers(msg: func.QueueMessage) -> None:
    """Due incremental and full syncs."""
    await _work("sync-timers", msg)


@bp.function_name("work_bulk")
@bp.queue_trigger(arg_name="msg", queue_name="sync-bulk", connection=CONNECTION)
async def work_bulk(msg: func.QueueMessage) -> None:
    """Pages of a run."""
    await _work("sync-bulk", msg)


async def _work(queue: QueueName, msg: func.QueueMessage) -> None:
    """The message is done with. What cannot be read, or has no use case yet, is recorded as not handled."""
    text = msg.get_body().decode("utf-8", "replace")
    app = parts()
    try:
        await work(app.engine, queue, decode(text))
    except (UnreadableMessage, NotHandled) as error:
        log.warning("message %s of %s is not handled: %s", msg.id, queue, error)
        await app.unhandled.record(_row_key(msg, text), queue, text, str(error))


def _row_key(msg: func.QueueMessage, text: str) -> str:
    """The message's id; a message that was run by hand has none, so there its text decides."""
    return msg.id or hashlib.sha256(text.encode()).hexdigest()
