"""Why a request is refused: each says what is wrong and what is allowed, and becomes one HTTP status."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FieldError:
    """One member that is wrong. `path` is a JSON pointer; `allowed` lists what would be right, where it is short."""

    path: str
    message: str
    allowed: tuple[str, ...] = ()


class Refusal(Exception):
    """A request that is not carried out; nothing was stored. `status` is its HTTP status."""

    status = 400
    title = "The request was refused"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(eq=False)
class InvalidInput(Refusal):
    """The body does not say what it must; every wrong member is named."""

    errors: tuple[FieldError, ...] = field(default_factory=tuple)
    status = 400
    title = "The request has members that are missing or wrong"

    def __post_init__(self) -> None:
        super().__init__("; ".join(f"{error.path or '/'}: {error.message}" for error in self.errors))


class NotANotification(Refusal):
    """The body is no notification of the system that this route is for."""

    title = "This is no notification that the route takes"


class WrongSecret(Refusal):
    """The caller did not prove that it knows the hook secret of the connection."""

    status = 401
    title = "The hook secret is missing or wrong"


class NoRole(Refusal):
    """The caller is not signed in, or its role does not allow this."""

    status = 403
    title = "Your role does not allow this"


class NotSignedIn(Refusal):
    """Nobody is signed in."""

    status = 401
    title = "Sign in first"


class UnknownConnection(Refusal):
    """No connection has this id."""

    status = 404
    title = "No such connection"


class UnknownRun(Refusal):
    """The connection has no run with this id."""

    status = 404
    title = "No such run"


class UnknownEntry(Refusal):
    """The connection has no activity with this id."""

    status = 404
    title = "No such activity"


class NotUndone(Refusal):
    """What was done cannot be undone, or no more."""

    status = 409
    title = "This cannot be undone"


class UnknownConflict(Refusal):
    """The connection holds no conflict with this id."""

    status = 404
    title = "No such conflict"


class BodyTooLarge(Refusal):
    """The body is larger than the route takes."""

    status = 413
    title = "The request body is too large"


class WrongMediaType(Refusal):
    """The body is of another content type than the route takes."""

    status = 415
    title = "The request body has a type that is not taken here"


class Conflict(Refusal):
    """Somebody else changed or made the same thing in the meantime."""

    status = 409
    title = "This is already there"


class NoPrecondition(Refusal):
    """The change does not say what it changes."""

    status = 428
    title = "Say by If-Match which version you change"


class ChangedMeanwhile(Refusal):
    """Somebody else changed it since the caller read it; `current` is the version now, `shown` what it looks like."""

    status = 412
    title = "It was changed in the meantime"

    def __init__(self, detail: str, current: int, shown: Mapping[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.current = current
        self.shown = shown


class UnknownVersion(Refusal):
    """The connection has no such version of its configuration."""

    status = 404
    title = "No such version"
