"""One way to call a remote system: allowed hosts, one place for retries, one place for errors.

Each system hands in its own auth (an object, never a branch in here) and its own `Reading`, which turns an answer
into a value or into one of the four branches of `shared.core.errors`.
"""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self

import httpx
import stamina

from shared.adapters.hosts import AllowedHosts, guarded_transport
from shared.core.errors import RateLimited, Retriable, UnknownOutcome, Unreachable

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
ATTEMPTS = 3
# A worker has two minutes in all; what takes longer comes again as a delayed message (decision 13).
TOTAL_SECONDS = 20.0
LONGEST_PAUSE = 5.0

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # at INFO they print URLs with their queries (decision 19)


@dataclass(frozen=True)
class Call:
    """One request. `route` is its template, for counting. `safe`: repeating it changes nothing more."""

    method: str
    path: str
    route: str
    what: str
    query: Mapping[str, str | int | bool] = field(default_factory=dict)
    body: Any = None
    content_type: str = "application/json"
    safe: bool = False


class Reading(Protocol):
    """How one remote system's answers are read."""

    def __call__(self, call: Call, answer: httpx.Response) -> Any:
        """The value of a good answer; raises a SyncError for any other."""
        ...


class Budget(Protocol):
    """The shared rate budget."""

    async def take(self) -> None:
        """Returns when one request may be sent; raises RateLimited where that is too far off."""
        ...

    async def pause(self, seconds: float) -> None:
        """No instance sends for so long: the remote system asked for it."""
        ...


class NoBudget:
    """Lets every request pass, but not before a pause is over that the remote system asked this client for."""

    def __init__(self) -> None:
        self._until = 0.0

    async def take(self) -> None:
        wait = self._until - asyncio.get_running_loop().time()
        if wait > LONGEST_PAUSE:
            raise RateLimited(f"the remote system asked for a pause of {wait:.0f} seconds", wait)
        await asyncio.sleep(max(0.0, wait))

    async def pause(self, seconds: float) -> None:
        self._until = max(self._until, asyncio.get_running_loop().time() + seconds)


class RemoteHttp:
    """Requests to one remote system under one base address. HostNotAllowed where that may not be called."""

    def __init__(
        self,
        base: str,
        auth: httpx.Auth,
        reading: Reading,
        allowed: AllowedHosts,
        *,
        headers: Mapping[str, str] | None = None,
        budget: Budget | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        url = allowed.check(base.rstrip("/"))
        self._client = httpx.AsyncClient(
            base_url=url,
            auth=auth,
            headers={"Accept": "application/json", **(headers or {})},
            transport=transport or guarded_transport(allowed, url),
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
        )
        self._reading = reading
        self._budget: Budget = budget or NoBudget()
        self.calls: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._client.aclose()

    async def send(self, call: Call) -> Any:
        """The value of the answer. A safe call is tried again; any other only where nothing can have happened."""

        def again(error: Exception) -> bool | float:
            return _retry(call, error)

        async for attempt in stamina.retry_context(
            on=again, attempts=ATTEMPTS, timeout=TOTAL_SECONDS, wait_initial=0.2, wait_max=LONGEST_PAUSE
        ):
            with attempt:
                return await self._once(call)
        raise AssertionError("stamina gives a value or raises")

    async def _once(self, call: Call) -> Any:
        await self._budget.take()
        self.calls[f"{call.method} {call.route}"] += 1
        answer = await self._answer(call)
        await self._obey(answer)
        return self._reading(call, answer)

    async def _answer(self, call: Call) -> httpx.Response:
        headers = {} if call.body is None else {"Content-Type": call.content_type}
        query = {name: _query_value(value) for name, value in call.query.items()}
        try:
            return await self._client.request(
                call.method, call.path, params=query, content=_body(call), headers=headers
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise Unreachable(f"{call.what}: {self._host} cannot be reached") from None
        except httpx.HTTPError as error:
            raise _no_answer(call, self._host, type(error).__name__) from None

    async def _obey(self, answer: httpx.Response) -> None:
        """A `Retry-After` counts with every status: Azure DevOps sends it with 200 too (ado-api.md section 4)."""
        seconds = retry_after(answer)
        if seconds is not None:
            await self._budget.pause(seconds)

    @property
    def _host(self) -> str:
        return self._client.base_url.host


def _no_answer(call: Call, host: str, kind: str) -> Retriable:
    if call.safe:
        return Unreachable(f"{call.what}: {host} did not answer ({kind})")
    return UnknownOutcome(f"{call.what}: {host} did not answer ({kind}), so it may have been done")


def _retry(call: Call, error: Exception) -> bool | float:
    """Whether, or after how many seconds, the call is sent again."""
    if not isinstance(error, Retriable) or isinstance(error, UnknownOutcome):
        return False
    if not call.safe and not isinstance(error, RateLimited | Unreachable):
        return False
    if error.retry_after is None:
        return True
    return error.retry_after if error.retry_after <= LONGEST_PAUSE else False


def retry_after(answer: httpx.Response) -> float | None:
    """The seconds of a `Retry-After` header; None where there is none that is a number of seconds."""
    try:
        seconds = float(answer.headers.get("Retry-After", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < 86_400 else None


def _query_value(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _body(call: Call) -> bytes | None:
    return None if call.body is None else json.dumps(call.body, ensure_ascii=False).encode()
