"""Changes of parent links against the last agreement."""

import pytest

from shared.core.rehung import is_rehung

ADDED, REMOVED = True, False


@pytest.mark.parametrize(
    ("changes", "agreed", "rehung"),
    [
        ([], 1, False),
        ([(1, REMOVED)], 1, True),
        ([(1, REMOVED)], 2, False),
        ([(1, REMOVED)], None, False),
        ([(2, ADDED)], 2, False),
        ([(2, ADDED)], 1, True),
        ([(2, ADDED)], None, True),
        ([(1, REMOVED), (2, ADDED)], 2, False),
        ([(2, ADDED), (1, REMOVED)], 2, False),
        ([(2, ADDED), (2, REMOVED)], 2, True),
        ([(2, ADDED), (2, REMOVED)], None, False),
        ([(2, ADDED), (2, REMOVED), (3, ADDED)], 3, False),
        ([(2, ADDED), (2, REMOVED), (2, ADDED)], 2, False),
        ([(2, ADDED), (2, REMOVED), (1, ADDED)], 1, False),
    ],
)
def test_the_last_change_says_what_the_parent_is(
    changes: list[tuple[int, bool]], agreed: int | None, rehung: bool
) -> None:
    assert is_rehung(changes, agreed) is rehung
