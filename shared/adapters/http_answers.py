"""Answers of a remote system, read whole and made safe to show."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

# The largest documented answer is the list of all plans, several MB (oneplan-api.md section 4 [OBSERVED]).
MOST_BYTES = 64 * 1024 * 1024
SHOWN = 400  # characters of a remote message that a person is shown
LONGEST_RETRY_AFTER = 86_400.0

_QUERY = re.compile(r"(https?://[^\s\"'<>?]+)\?[^\s\"'<>]*", re.IGNORECASE)
_CREDENTIAL = re.compile(r"\b(Basic|Bearer)\s+[\w+/=.~-]{8,}", re.IGNORECASE)
_ENCODED_HEADERS = ("content-encoding", "content-length", "transfer-encoding")


class TooLarge(Exception):
    """An answer has more bytes than this app reads."""


async def whole(answer: httpx.Response, secrets: Iterable[str]) -> httpx.Response:
    """The answer with its body read and decoded; TooLarge instead of a full memory.

    The body of a refusal is cleared of the secrets, so that no text made from it can hold one.
    """
    body = bytearray()
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > MOST_BYTES:
            raise TooLarge
    content = bytes(body) if answer.is_success else _without(bytes(body), secrets)
    headers = [(name, value) for name, value in answer.headers.multi_items() if name.lower() not in _ENCODED_HEADERS]
    return httpx.Response(answer.status_code, headers=headers, content=content)


def _without(content: bytes, secrets: Iterable[str]) -> bytes:
    for secret in filter(None, secrets):
        content = content.replace(secret.encode(), b"***")
    return content


def parsed(content: bytes) -> Any:
    """The JSON, with or without a byte order mark (ado-api.md section 3 [R]); ValueError where it is none.

    Half of a character that was cut in two, which no storage takes, becomes the sign for one that is missing.
    """
    found = json.loads(content.decode("utf-8-sig"))
    if b"\\ud" not in content.lower():
        return found
    whole = json.dumps(found, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return json.loads(whole)


def shown(text: str) -> str:
    """What a remote system said, fit for a person: one line, short, no query of a URL, no credential, no page."""
    text = " ".join(text.split())
    if text.startswith("<"):
        return ""
    return _CREDENTIAL.sub(r"\1 ***", _QUERY.sub(r"\1", text))[:SHOWN]


def retry_after(answer: httpx.Response) -> float | None:
    """The seconds to wait by the `Retry-After` header, given as seconds or as a date; None where it has neither."""
    text = answer.headers.get("Retry-After", "")
    try:
        seconds = float(text)
    except ValueError:
        seconds = _until(text)
    return seconds if 0 <= seconds <= LONGEST_RETRY_AFTER else None


def _until(text: str) -> float:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return -1.0
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
