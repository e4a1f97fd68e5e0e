"""The Azure Functions runtime in this process: start, list, invoke (functions-runtime.md)."""

import os
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import azure_functions_runtime as runtime

from local.host import protos
from local.host.errors import HostFailed, IndexingFailed
from local.host.functions import Function, function_from
from local.host.tracing import trace_parent

SCRIPT = "function_app"
_PROPERTIES = {"protos": protos, "host": "127.0.0.1"}


@dataclass(frozen=True)
class Outcome:
    """How an invocation ended: its return value, or the exception as text."""

    succeeded: bool
    value: Any = None
    message: str = ""
    stack_trace: str = ""


class Worker:
    """Runs one app at a time: the runtime keeps its registry of functions in module globals."""

    _serving: ClassVar[Path | None] = None

    async def start(self, app: Path) -> tuple[Function, ...]:
        """The app's functions are indexed, as on an ordinary start.

        Raises IndexingFailed, UnservedBinding.
        """
        self._claim(app)
        request = protos.Message(capabilities={}, function_app_directory=str(app))
        init = _request("init", worker_init_request=request)
        return await self._index(await runtime.worker_init_request(init))

    async def specialize(self, app: Path, environment: Mapping[str, str]) -> tuple[Function, ...]:
        """The app's functions are indexed as in Azure, where a waiting worker is handed the app.

        The runtime replaces the whole environment by `environment` and the current folder by the app's.
        Raises IndexingFailed, UnservedBinding.
        """
        self._claim(app)
        request = protos.Message(environment_variables=dict(environment), function_app_directory=str(app))
        reload = _request("reload", function_environment_reload_request=request)
        return await self._index(await runtime.function_environment_reload_request(reload))

    async def invoke(
        self,
        function: Function,
        data: protos.TypedData,
        metadata: Mapping[str, protos.TypedData],
        parent: str = "",
    ) -> Outcome:
        """The function ran on `data`; a failure is an outcome, not an exception."""
        invocation = protos.Message(
            invocation_id=str(uuid.uuid4()),
            function_id=function.function_id,
            input_data=[protos.ParameterBinding(name=function.argument, data=data)],
            trigger_metadata=dict(metadata),
            trace_context=protos.Message(trace_parent=trace_parent(parent), trace_state="", attributes={}),
            retry_context=protos.Message(retry_count=0, max_retry_count=0, exception=None),
        )
        answer = await runtime.invocation_request(_request("invoke", invocation_request=invocation))
        if answer.result.status == protos.StatusResult.Success:
            return Outcome(True, answer.return_value)
        return Outcome(False, None, answer.result.exception.message, answer.result.exception.stack_trace)

    def stop(self) -> None:
        """The runtime's threads have ended and another app may start."""
        runtime.stop_threadpool_executor()
        if Worker._serving is not None:
            _make_unimportable(Worker._serving)
        Worker._serving = None

    def _claim(self, app: Path) -> None:
        if Worker._serving is not None:
            raise HostFailed(f"this process serves {Worker._serving}; the runtime serves one app at a time")
        if not (app / f"{SCRIPT}.py").is_file():
            raise IndexingFailed(f"{app} holds no {SCRIPT}.py")
        Worker._serving = app
        runtime.start_threadpool_executor()
        _make_importable(app)

    async def _index(self, response: Any) -> tuple[Function, ...]:
        try:
            if response.result.status != protos.StatusResult.Success:
                exception = response.result.exception
                raise IndexingFailed(exception.message, exception.stack_trace)
            listing = await runtime.functions_metadata_request(_request("metadata"))
            found = listing.function_metadata_results
            return tuple(function_from(each.name, each.function_id, each.raw_bindings) for each in found)
        except HostFailed:
            self.stop()
            raise


def _request(name: str, **content: protos.Message) -> protos.Message:
    return protos.Message(name=name, request=protos.Message(**content), properties=_PROPERTIES)


def _make_importable(app: Path) -> None:
    """`import function_app` finds this app's, anew: an app object can be indexed only once."""
    sys.modules.pop(SCRIPT, None)
    sys.path.insert(0, os.fspath(app))


def _make_unimportable(app: Path) -> None:
    sys.modules.pop(SCRIPT, None)
    sys.path.remove(os.fspath(app))
