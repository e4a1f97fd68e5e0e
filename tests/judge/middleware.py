"""A stand-in, judged from outside: every exchange but those with its control routes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.judge.judge import Judge
from tests.judge.specification import System
from tests.judge.violation import Violation

CONTROL = "/__control"
# An endless stream of differences helps nobody.
SHOWN = 40


@dataclass
class Seen:
    """The violations so far, and how many exchanges were judged."""

    violations: list[Violation] = field(default_factory=list)
    exchanges: int = 0

    def verify(self, but: Iterable[str] = ()) -> None:
        """Nothing was found except, perhaps, violations of those rules; raises AssertionError otherwise."""
        found = [each for each in self.violations if each.rule not in set(but)]
        if found:
            listed = "\n".join(f"  {each}" for each in dict.fromkeys(found[:SHOWN]))
            raise AssertionError(f"{len(found)} violations of the reference:\n{listed}")

    def verify_answers(self) -> None:
        """As verify, of answers on routes that the reference knows: for tests that ask what nobody should."""
        Seen([each for each in self.violations if each.part == "response"]).verify()

    def rules(self) -> set[str]:
        """The rules that were violated."""
        return {each.rule for each in self.violations}


@dataclass(frozen=True)
class JudgedApp:
    """The app, with every exchange given to the judge after it was answered."""

    app: ASGIApp
    judge: Judge
    on_violation: Callable[[Violation], None]
    on_exchange: Callable[[], None] = lambda: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(receive, send)
        try:
            await self.app(scope, exchange.receive, exchange.send)
        finally:
            await exchange.read_rest()
            self._report(scope, exchange)

    def _report(self, scope: Scope, exchange: "_Exchange") -> None:
        self.on_exchange()
        found = self.judge.exchange(
            scope["method"],
            (scope.get("raw_path") or scope["path"].encode()).decode("ascii"),
            scope["query_string"].decode("ascii"),
            _decoded(scope["headers"]),
            b"".join(exchange.sent),
            exchange.status,
            _decoded(exchange.headers),
            b"".join(exchange.answered),
        )
        for violation in found:
            if violation.rule == "route" or not (violation.part == "request" and exchange.refused):
                self.on_violation(violation)


@dataclass
class _Exchange:
    """Both bodies as they pass."""

    inner_receive: Receive
    inner_send: Send
    sent: list[bytes] = field(default_factory=list)
    answered: list[bytes] = field(default_factory=list)
    status: int | None = None
    headers: Any = ()
    complete: bool = False

    @property
    def refused(self) -> bool:
        """The stand-in did not accept the request, which is right where the request was wrong."""
        return self.status is None or self.status >= 300 or self.status == 203

    async def receive(self) -> Message:
        message = await self.inner_receive()
        self.complete = self.complete or not message.get("more_body", False)
        self.sent.append(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
        self.answered.append(message.get("body", b""))
        await self.inner_send(message)

    async def read_rest(self) -> None:
        """What the app did not read of the request is read, so that it is judged too."""
        while not self.complete and self.status is not None:
            await self.receive()


def _decoded(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def judged(app: ASGIApp, system: System) -> tuple[JudgedApp, Seen]:
    """The app under the judge of the system, and what the judge saw."""
    seen = Seen()

    def count() -> None:
        seen.exchanges += 1

    return JudgedApp(app, Judge.of(system), seen.violations.append, count), seen
