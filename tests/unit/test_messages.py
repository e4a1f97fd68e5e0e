"""Messages survive the queue, and what is no message of ours says so."""

import json

import pytest

from shared.messages import QUEUES, Seen, SyncMessage, UnreadableMessage, decode


@pytest.mark.parametrize(
    "message",
    [
        SyncMessage(connection="c", cause="timer", kind="full"),
        SyncMessage(connection="c", cause="hook", side="azure-devops", item="5", seen=Seen(3, 0), event="updated"),
        SyncMessage(connection="c", cause="save", side="oneplan", item="a-b", attempt=2, traceparent="00-1-2-01"),
    ],
)
def test_a_message_comes_back_as_it_was_sent(message: SyncMessage) -> None:
    assert decode(message.encode()) == message


def test_there_are_four_queues() -> None:
    assert QUEUES == ("sync-interactive", "sync-hooks", "sync-timers", "sync-bulk")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "not json",
        json.dumps({"v": 1}),
        json.dumps({"v": 1, "connection": "c", "cause": "magic", "kind": "full"}),
        json.dumps({"v": 1, "connection": "c", "cause": "hook", "kind": "item"}),
        json.dumps({"v": 1, "connection": "c", "cause": "hook", "kind": "full", "values": {}}),
    ],
)
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(UnreadableMessage):
        decode(text)


def test_a_newer_message_asks_for_a_newer_app() -> None:
    with pytest.raises(UnreadableMessage, match="update this app"):
        decode(json.dumps({"v": 99, "connection": "c"}))
