"""A client, judged at its wire."""

from dataclasses import dataclass, field

import httpx

from tests.judge.judge import Judge
from tests.judge.middleware import CONTROL, Seen


@dataclass
class JudgedTransport(httpx.AsyncBaseTransport):
    """Gives each exchange of a client to the judge; AssertionError that lists the violations where there are any.

    A request that was cut off (the inner transport raised) is judged alone, and the inner error goes on where the
    request was right. Exchanges with control routes are not judged.
    """

    inner: httpx.AsyncBaseTransport
    judge: Judge
    may_ask_wrongly: bool = False
    seen: Seen = field(default_factory=Seen)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The inner transport's answer, read and judged."""
        if request.url.path.startswith(CONTROL):
            return await self.inner.handle_async_request(request)
        await request.aread()
        try:
            response = await self.inner.handle_async_request(request)
        except httpx.TransportError:
            self._judge(request, None)
            raise
        await response.aread()
        self._judge(request, response)
        return response

    def _judge(self, request: httpx.Request, response: httpx.Response | None) -> None:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        found = self.judge.exchange(
            request.method,
            path,
            query,
            request.headers.multi_items(),
            request.content,
            response.status_code if response is not None else None,
            response.headers.multi_items() if response is not None else (),
            response.content if response is not None else b"",
        )
        refused = self.may_ask_wrongly and response is not None and not response.is_success
        now = Seen([each for each in found if not (refused and each.part == "request")])
        self.seen.exchanges += 1
        self.seen.violations += now.violations
        now.verify()

    async def aclose(self) -> None:
        """The inner transport is closed."""
        await self.inner.aclose()
