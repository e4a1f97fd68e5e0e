"""What can go wrong with a remote system: one tree, four branches, told apart by what a run does then.

Texts are for the person who reads them: what happened, to what, what to do. They never hold a secret or a query.
"""

from dataclasses import dataclass


class SyncError(Exception):
    """The root. `str()` is a sentence for a person."""


class Retriable(SyncError):
    """It may work later. `retry_after` is in seconds, None where the remote system did not say."""

    def __init__(self, text: str, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class RateLimited(Retriable):
    """The remote system refuses more requests for now; nothing was done."""


class Unreachable(Retriable):
    """No connection, or no answer to a request that changes nothing."""


class ServerFailed(Retriable):
    """The remote system failed at a request that only reads. Where it fails each time, the request is at fault."""


class UnknownOutcome(Retriable):
    """A write got no clear answer, so it may have happened: read before writing again.

    `answered`: the remote system itself said that it failed, so nothing of it is still on its way.
    """

    def __init__(self, text: str, retry_after: float | None = None, *, answered: bool = False) -> None:
        super().__init__(text, retry_after)
        self.answered = answered


class Stale(SyncError):
    """The item changed since it was read: read it again and plan again."""


@dataclass(frozen=True)
class FieldRefusal:
    """One field that the remote system refused, by its name there, and why, in its own words."""

    field: str
    reason: str


class Rejected(SyncError):
    """This item, or some of its fields, cannot be written or read so; others can. Trying again does not help.

    `code` is the remote system's own name of the error, empty where it gives none.
    """

    def __init__(self, text: str, fields: tuple[FieldRefusal, ...] = (), code: str = "") -> None:
        super().__init__(text)
        self.fields = fields
        self.code = code


class NotFound(Rejected):
    """The item is not there, or may not be seen: the remote systems do not tell the two apart."""


class PermissionMissing(Rejected):
    """The credential is right but may not do this. Another item may be open to it, so only this one is parked."""


class RouteMissing(Rejected):
    """The remote system has no such route (405, 501)."""


class NotOffered(Rejected):
    """The remote system does not offer this, so a person must do it; `steps` says how."""

    def __init__(self, text: str, steps: str) -> None:
        super().__init__(text)
        self.steps = steps


class NotTaken(Rejected):
    """The remote system answered that the write was done, and left every field as it was."""


def may_be_of_a_value(error: SyncError) -> bool:
    """True where a write was refused for what it says, perhaps: not for a right or the route, and not because the
    remote system is away or gave no answer."""
    if isinstance(error, UnknownOutcome):
        return error.answered
    return isinstance(error, Rejected) and not isinstance(
        error, NotFound | PermissionMissing | RouteMissing | NotOffered | NotTaken
    )


class Fatal(SyncError):
    """Nothing of this connection can work until a person acts."""


class CredentialRefused(Fatal):
    """The token or key is wrong, expired or revoked."""


class HostNotAllowed(Fatal):
    """A connection names an address that this app does not call."""
