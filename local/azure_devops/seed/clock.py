"""The seed's own time: everything it plants happened before this moment, whenever it is planted."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
HISTORY = timedelta(days=180)


def moment(step: int, steps: int, milliseconds: int = 0) -> datetime:
    """The time of one of `steps` evenly spread acts over the history; later steps are later."""
    return EPOCH - HISTORY + HISTORY * step / max(steps, 1) + timedelta(milliseconds=milliseconds)
