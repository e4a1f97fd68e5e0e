"""The ways in which news of edits reaches the app, and what each needs."""

from collections.abc import Mapping
from typing import Any, Literal, get_args

# `messages`: made-up messages on the queues. `hooks`: what both systems really send, by a bad post. The others: no
# notification at all, so that changes are found by the feeds alone: that of Azure DevOps, and one of OnePlan.
type Mode = Literal["messages", "hooks", "audit", "find", "sweep"]

MODES: tuple[Mode, ...] = get_args(Mode.__value__)
# With which switches OnePlan leaves the app only that feed.
SWITCHES: Mapping[Mode, Mapping[str, Any]] = {
    "find": {"auditing": False},
    "sweep": {"auditing": False, "auditing_off_answer": "empty", "find_sort": "ignored"},
}
# What a round of a program may end with. Only made-up messages need a full sync where one of them was lost.
ENDS: Mapping[Mode, tuple[str, ...]] = {
    "messages": ("deliver", "deliver", "sync"),
    "hooks": ("deliver", "deliver", "incremental", "both"),
    **dict.fromkeys(("audit", "find", "sweep"), ("incremental", "incremental", "both")),
}


def remaps(mode: Mode) -> float:
    """In how many rounds the mapping changes: only a full sync agrees on it, which the other modes do without."""
    return 0.25 if mode == "messages" else 0.0
