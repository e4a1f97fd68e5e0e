"""One way to call a remote system: allowed hosts, one place for retries, one place for errors.

Each system hands in its own auth (an object, never a branch in here) and its own `Reading`, which turns an answer
into a value or into one of the four branches of `shared.core.errors`.
"""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Protocol, Self

import httpx
import stamina

from shared.adapters.hosts import AllowedHosts, guarded_transport
from shared.adapters.http_answers import TooLarge, retry_after, whole
from shared.adapters.http_auth import BasicAuth
from shared.adapters.http_calls import Call
from shared.core.errors import RateLimited, Rejected, Retriable, ServerFailed, UnknownOutcome, Unreachable

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
# A body that drips in keeps every single read below its time-out, so the whole request has a bound of its own.
REQUEST_SECONDS = 60.0
ATTEMPTS = 3
# A worker has two minutes in all; what takes longer comes again as a delayed message (decision 13).
TOTAL_SECONDS = 20.0
LONGEST_PAUSE = 5.0

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # at INFO they print URLs with their queries (decision 19)


class Reading(Protocol):
    """How one remote system's answers are read."""

    def __call__(self, call: Call, answer: httpx.Response) -> Any:
        """The value of a good answer; raises a SyncError for any other."""
        ...


class Budget(Protocol):
    """The shared rate budget. One request costs one."""

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
        auth: BasicAuth,
        reading: Reading,
        allowed: AllowedHosts,
        *,
        headers: Mapping[str, str] | None = None,
        budget: Budget | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        url = allowed.check(base.strip().rstrip("/"))
        self._client = httpx.AsyncClient(
            base_url=url,
            auth=auth,
            headers={"Accept": "application/json", **(headers or {})},
            transport=transport or guarded_transport(allowed, url),
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
        )
        self._secrets = auth.secrets
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

    @property
    def host(self) -> str:
        return self._client.base_url.host

    async def send(self, call: Call) -> Any:
        """The value of the answer. A safe call is tried again; any other only where nothing can have happened."""

        def again(error: Exception) -> bool | float:
            return _retry(call, error)

        try:
            async for attempt in stamina.retry_context(
                on=again, attempts=ATTEMPTS, timeout=TOTAL_SECONDS, wait_initial=0.2, wait_max=LONGEST_PAUSE
            ):
                with attempt:
                    return await self._once(call)
        except ServerFailed as error:
            raise Rejected(str(error)) from None
        raise AssertionError("stamina gives a value or raises")

    async def _once(self, call: Call) -> Any:
        await self._budget.take()
        self.calls[f"{call.method} {call.route}"] += 1
        answer = await self._answer(call)
        # A `Retry-After` counts with every status: Azure DevOps sends it with 200 too (ado-api.md section 4).
        await self._pause(retry_after(answer))
        try:
            return self._reading(call, answer)
        except RateLimited as error:
            await self._pause(error.retry_after)
            raise

    async def _pause(self, seconds: float | None) -> None:
        if seconds:
            await self._budget.pause(seconds)

    async def _answer(self, call: Call) -> httpx.Response:
        request = self._request(call)
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                return await self._exchange(request, call)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            problem: Retriable = Unreachable(f"{call.what}: {self.host} cannot be reached")
        except TooLarge:
            problem = _no_answer(call, f"{self.host} sent more than this app reads")
        except (httpx.HTTPError, TimeoutError) as error:
            problem = _no_answer(call, f"{self.host} did not answer ({type(error).__name__})")
        raise problem  # outside the handler: no library's exception, which holds the request, hangs on to it

    async def _exchange(self, request: httpx.Request, call: Call) -> httpx.Response:
        answer = await self._client.send(request, stream=True)
        try:
            return await whole(answer, (*self._secrets, *call.secrets))
        finally:
            await answer.aclose()

    def _request(self, call: Call) -> httpx.Request:
        body = None if call.body is None else json.dumps(call.body, ensure_ascii=False).encode()
        headers = {} if body is None else {"Content-Type": call.content_type}
        return self._client.build_request(call.method, call.path, params=call.parameters, content=body, headers=headers)


def _no_answer(call: Call, problem: str) -> Retriable:
    if call.safe:
        return Unreachable(f"{call.what}: {problem}")
    return UnknownOutcome(f"{call.what}: {problem}, so it may have been done")


def _retry(call: Call, error: Exception) -> bool | float:
    """Whether, or after how many seconds, the call is sent again."""
    if not isinstance(error, Retriable) or isinstance(error, UnknownOutcome):
        return False
    if not call.safe and not isinstance(error, RateLimited | Unreachable):
        return False
    if error.retry_after is None:
        return True
    return (error.retry_after or True) if error.retry_after <= LONGEST_PAUSE else False
