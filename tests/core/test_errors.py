"""What an error tells besides its sentence."""

from typing import Any

import pytest

from shared.core import errors
from shared.core.errors import (
    FieldRefusal,
    NotFound,
    NotOffered,
    NotTaken,
    PermissionMissing,
    RateLimited,
    Rejected,
    RouteMissing,
    Stale,
    SyncError,
    UnknownOutcome,
    Unreachable,
    may_be_of_a_value,
)

TOO_LONG = (FieldRefusal("Name", "too long"),)


@pytest.mark.parametrize(
    ("kind", "given", "told"),
    [
        (RateLimited, {}, {"retry_after": None}),
        (RateLimited, {"retry_after": 2.5}, {"retry_after": 2.5}),
        (UnknownOutcome, {}, {"retry_after": None, "answered": False}),
        (UnknownOutcome, {"retry_after": 3.0, "answered": True}, {"retry_after": 3.0, "answered": True}),
        (Rejected, {}, {"fields": (), "code": ""}),
        (NotFound, {"fields": TOO_LONG, "code": "VS403"}, {"fields": TOO_LONG, "code": "VS403"}),
        (NotOffered, {"steps": "open the page"}, {"steps": "open the page", "fields": (), "code": ""}),
    ],
)
def test_an_error_is_its_sentence_and_what_the_run_needs_to_know(
    kind: type[SyncError], given: dict[str, Any], told: dict[str, Any]
) -> None:
    error = kind("what happened", **given)
    assert str(error) == "what happened"
    assert {name: getattr(error, name) for name in told} == told


@pytest.mark.parametrize("branch", ["Retriable", "Stale", "Rejected", "Fatal"])
def test_every_error_is_of_one_branch(branch: str) -> None:
    """A run tells them apart by these four, so none may be of two."""
    others = {"Retriable", "Stale", "Rejected", "Fatal"} - {branch}
    assert not issubclass(getattr(errors, branch), tuple(getattr(errors, other) for other in others))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Rejected("no"), True),
        (UnknownOutcome("500", answered=True), True),
        (UnknownOutcome("no answer"), False),
        (RateLimited("later"), False),
        (Unreachable("away"), False),
        (NotFound("gone"), False),
        (PermissionMissing("403"), False),
        (RouteMissing("405"), False),
        (NotOffered("by hand", "do it"), False),
        (NotTaken("as it was"), False),
        (Stale("changed"), False),
    ],
)
def test_what_may_be_refused_for_a_value(error: SyncError, expected: bool) -> None:
    assert may_be_of_a_value(error) is expected
