"""One exchange against the reference."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from tests.judge.answers import judge_answer, refuses
from tests.judge.hook_payloads import judge_hook
from tests.judge.requests import Sent, judge_request
from tests.judge.schemas import Schemas
from tests.judge.specification import System, read_specification
from tests.judge.violation import Violation

type Headers = Mapping[str, str] | Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Judge:
    """Compares exchanges of one system with its reference; safe to share between tests."""

    schemas: Schemas

    @staticmethod
    def of(system: System) -> "Judge":
        """The judge of the system; compiled schemas are shared by all callers."""
        return _judge(system)

    def exchange(
        self,
        method: str,
        url_path: str,
        query: str,
        request_headers: Headers,
        request_body: bytes,
        status: int | None,
        response_headers: Headers,
        response_body: bytes,
    ) -> list[Violation]:
        """All violations of the exchange; a status of None means that no answer came.

        The path is the raw path of the URL, the query its raw query string.
        """
        pairs = parse_qsl(query, keep_blank_values=True)
        sent = Sent(method.upper(), url_path, pairs, lower(request_headers), request_body)
        specification = self.schemas.specification
        operation = specification.find(sent.method, url_path, {name for name, _ in pairs})
        if operation is None:
            return self._unknown_route(sent, status)
        found = judge_request(self.schemas, operation, sent)
        if status is not None:
            found += judge_answer(self.schemas, operation, status, lower(response_headers), response_body)
        return found

    def hook(self, payload: Any, headers: Headers) -> list[Violation]:
        """All violations of a service hook post (Azure DevOps) or an event post (OnePlan)."""
        read = json.loads(payload) if isinstance(payload, bytes | str) else payload
        return judge_hook(self.schemas, read, lower(headers))

    def _unknown_route(self, sent: Sent, status: int | None) -> list[Violation]:
        known = self.schemas.specification.methods(sent.path)
        if status is not None and (status == 404 or refuses(status) or (known and status == 405)):
            return []
        which = f"only {', '.join(sorted(known))} here" if known else "the reference has no such path"
        message = f"{which}, answered {status}"
        return [Violation("request", f"{sent.method} {sent.path}", "route", "", message)]


def lower(headers: Headers) -> dict[str, str]:
    """The headers under lower-case names."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return {name.lower(): value for name, value in pairs}


@cache
def _judge(system: System) -> Judge:
    return Judge(Schemas(read_specification(system)))
