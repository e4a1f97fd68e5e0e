"""Whether changes of parent links say something else of an item's parent than what was agreed (R18)."""

from collections.abc import Sequence


def is_rehung(changes: Sequence[tuple[int, bool]], agreed: int | None) -> bool:
    """`changes` are those of one child in their order: (parent, True where the link was added, False where removed).

    A parent that was added may have been removed again. Where none was added, a removal tells of the agreed one only.
    """
    if not any(added for _, added in changes):
        return agreed in {parent for parent, _ in changes}
    now: int | None = None
    for parent, added in changes:
        if added or parent == now:
            now = parent if added else None
    return agreed != now
