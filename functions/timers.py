"""Timers queue work (R22), and clear what has been kept long enough."""

from datetime import UTC, datetime

import azure.functions as func

from shared.bootstrap import parts
from shared.dispatch import dispatch
from shared.engine.conduct import conduct_all
from shared.engine.resting import look_after, resting_connections
from shared.engine.retention import purge_activity, purge_runs

bp = func.Blueprint()


@bp.function_name("dispatch_due_syncs")
@bp.timer_trigger(arg_name="timer", schedule="0 * * * * *", use_monitor=False)
async def dispatch_due_syncs(timer: func.TimerRequest) -> None:
    """Every minute: the syncs that are due are on the timers queue, and runs that lost their worker go on."""
    app, now = parts(), datetime.now(UTC)
    await conduct_all(app.engine)
    await dispatch(app.connections, app.due_rows, app.queue, now, await resting_connections(app.engine))
    await look_after(app.engine, now)


@bp.function_name("purge_old_activity")
@bp.timer_trigger(arg_name="timer", schedule="0 17 * * * *", use_monitor=False)
async def purge_old_activity(timer: func.TimerRequest) -> None:
    """Every hour: what connections keep no longer is gone. Where there is nothing, it costs three reads, and one for
    each connection."""
    engine, today = parts().engine, datetime.now(UTC).date()
    await purge_activity(engine, today)
    await purge_runs(engine, today)
