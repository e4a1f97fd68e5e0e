"""The messages that the runtime takes and gives, as plain objects.

The runtime never checks a message's class, only its attributes (functions-runtime.md, "The messages"); this
module itself is what it gets as `properties["protos"]`. Names and members are those of the protocol buffers.
"""

from types import SimpleNamespace


class Message(SimpleNamespace):
    """Keeps its keyword arguments as attributes."""


class TypedData(Message):
    """One value, held by the one attribute that is set: string, json, bytes, http, int or double."""

    def WhichOneof(self, _name: str) -> str | None:
        """The name of the attribute that is set."""
        return next(iter(vars(self)), None)


class ParameterBinding(Message):
    """A named value going into or out of an invocation."""

    def WhichOneof(self, _name: str) -> str:
        """Always data: shared memory is not offered."""
        return "data"


class BindingInfo(Message):
    """A binding's type and direction."""

    in_ = 0
    out = 1
    inout = 2
    undefined = 0


class StatusResult(Message):
    """How a request ended."""

    Failure = 0
    Success = 1
    Cancelled = 2


class RpcHttpCookie(Message):
    """A cookie that an HTTP function sets."""

    SameSite = SimpleNamespace(**{"None": 0, "Lax": 1, "Strict": 2, "ExplicitNone": 3})


class RpcHttp(Message):
    """An HTTP request going in, or a response coming out."""


class RpcFunctionMetadata(Message):
    """One indexed function."""


class RpcRetryOptions(Message):
    """The retry policy of a function."""


class WorkerMetadata(Message):
    """What the worker says of itself."""


class WorkerInitResponse(Message):
    """The answer to the ordinary start."""


class FunctionEnvironmentReloadResponse(Message):
    """The answer to the specializing start."""


class FunctionMetadataResponse(Message):
    """The answer to the listing of functions."""


class FunctionLoadResponse(Message):
    """The answer to loading one function."""


class InvocationResponse(Message):
    """The answer to an invocation."""


class RpcException(Message):
    """An exception as text: message and stack_trace."""


class NullableString(Message):
    """A text that may be absent."""


class NullableBool(Message):
    """A truth value that may be absent."""


class NullableDouble(Message):
    """A number that may be absent."""


class NullableTimestamp(Message):
    """A time that may be absent."""


class Timestamp(Message):
    """A time in seconds since 1970."""
