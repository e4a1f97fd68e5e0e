"""What the host reads from host.json and the environment."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from local.host.errors import SettingMissing

LARGEST_BATCH = 32  # one receive operation of Queue Storage returns no more
_REFERENCE = re.compile(r"%([^%]+)%")
_TIME_SPAN = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d+)?)")


@dataclass(frozen=True)
class QueueSettings:
    """host.json, extensions.queues; the defaults are those of the queue extension."""

    batch_size: int = 16
    new_batch_size: int = 8
    max_dequeue_count: int = 5
    visibility_timeout: timedelta = timedelta(0)
    max_polling_interval: timedelta = timedelta(minutes=1)
    base64: bool = True


@dataclass(frozen=True)
class HostSettings:
    """The part of host.json that this host obeys."""

    route_prefix: str = "api"
    queues: QueueSettings = QueueSettings()


def read_settings(app: Path) -> HostSettings:
    """The settings of the app's host.json. Raises SettingMissing where there is none, or a value is wrong."""
    file = app / "host.json"
    try:
        content = json.loads(file.read_text())
        extensions = content.get("extensions", {})
        prefix = extensions.get("http", {}).get("routePrefix", "api")
        return HostSettings(prefix.strip("/"), _queue_settings(extensions.get("queues", {})))
    except FileNotFoundError as error:
        raise SettingMissing(f"{file} is missing") from error
    except (ValueError, AttributeError, TypeError) as error:
        raise SettingMissing(f"{file}: {error}") from error


def _queue_settings(section: Mapping[str, Any]) -> QueueSettings:
    batch_size = int(section.get("batchSize", QueueSettings.batch_size))
    if not 1 <= batch_size <= LARGEST_BATCH:
        raise ValueError(f"batchSize is a number from 1 to {LARGEST_BATCH}")
    encoding = section.get("messageEncoding", "base64")
    if encoding not in {"base64", "none"}:
        raise ValueError(f"messageEncoding is base64 or none, not {encoding!r}")
    return QueueSettings(
        batch_size=batch_size,
        new_batch_size=int(section.get("newBatchSize", batch_size // 2)),
        max_dequeue_count=int(section.get("maxDequeueCount", QueueSettings.max_dequeue_count)),
        visibility_timeout=time_span(section.get("visibilityTimeout", "00:00:00")),
        max_polling_interval=time_span(section.get("maxPollingInterval", "00:01:00")),
        base64=encoding == "base64",
    )


def time_span(text: str) -> timedelta:
    """The duration that `[days.]hours:minutes:seconds` means. Raises ValueError."""
    found = _TIME_SPAN.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no time span such as 00:00:30")
    days, hours, minutes, seconds = found.groups()
    return timedelta(days=int(days or 0), hours=int(hours), minutes=int(minutes), seconds=float(seconds))


def resolve(text: str) -> str:
    """The text with every `%NAME%` replaced by that setting. Raises SettingMissing naming an absent one."""
    return _REFERENCE.sub(lambda reference: setting(reference[1]), text)


def setting(name: str) -> str:
    """The value of an app setting. Raises SettingMissing naming it."""
    try:
        return os.environ[name]
    except KeyError:
        raise SettingMissing(f"the setting {name} is missing") from None
