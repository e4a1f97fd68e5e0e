"""What becomes of a pair of which one side is gone or out of scope: docs/behaviour.md, "Existence", row by row."""

import pytest

from shared.core.actions import Delete, Disconnect, Forget, Suspend
from shared.core.existence import Existence, Verdict, judge_existence
from shared.core.model import Both, Side

A, P = Side.AZURE_DEVOPS, Side.ONEPLAN
EDITED_A, EDITED_P = Both(True, False), Both(False, True)

ROWS: dict[str, tuple[Existence, Verdict]] = {
    "a new work item is created": (Existence("there", "none"), "create"),
    "a counterpart with our marker and no link is compared": (Existence("there", "there"), "compare"),
    "a pair is compared": (Existence("there", "there", "linked"), "compare"),
    "back in scope it is compared": (Existence("there", "there", "out-of-scope"), "compare"),
    "restored it is compared": (Existence("there", "there", "disconnected", "deleted"), "compare"),
    "a counterpart that is back is compared": (Existence("there", "there", "disconnected", "removed"), "compare"),
    "disconnected by a person it rests": (Existence("there", "there", "disconnected", "person"), "rest"),
    "restored after both went it is created anew": (Existence("there", "none", "disconnected", "deleted"), "create"),
    "removed there it is not created again": (Existence("there", "none", "disconnected", "removed"), "rest"),
    "a removed counterpart disconnects": (Existence("there", "gone", "linked"), (Disconnect("removed"),)),
    "a removed counterpart deletes where asked": (
        Existence("there", "gone", "linked", on_removal="delete"),
        (Delete(A), Disconnect("removed")),
    ),
    "an edit beats the removal": (
        Existence("there", "gone", "linked", edited=EDITED_A, on_removal="delete"),
        (Disconnect("removed"),),
    ),
    "a second look at a removal rests": (Existence("there", "gone", "disconnected", "removed"), "rest"),
    "restored and removed meanwhile disconnects": (
        Existence("there", "gone", "disconnected", "deleted"),
        (Disconnect("removed"),),
    ),
    "a deleted work item marks": (Existence("deleted", "there", "linked"), (Disconnect("deleted", mark=True),)),
    "a deleted work item leaves where asked": (
        Existence("deleted", "there", "linked", on_delete="leave"),
        (Disconnect("deleted"),),
    ),
    "a deleted work item deletes where asked": (
        Existence("deleted", "there", "linked", on_delete="delete"),
        (Delete(P), Disconnect("deleted")),
    ),
    "an edit beats the deletion": (
        Existence("deleted", "there", "linked", edited=EDITED_P, on_delete="delete"),
        (Disconnect("deleted", mark=True),),
    ),
    "a second look at a deletion rests": (Existence("deleted", "there", "disconnected", "deleted"), "rest"),
    "deleted out of scope is marked too": (
        Existence("deleted", "there", "out-of-scope"),
        (Disconnect("deleted", mark=True),),
    ),
    "both gone are forgotten": (Existence("deleted", "gone", "linked"), (Forget(),)),
    "never linked and deleted rests": (Existence("deleted", "none"), "rest"),
    "out of scope is suspended": (
        Existence("out-of-scope", "there", "linked", reason="its area"),
        (Suspend("its area"),),
    ),
    "out of scope stays suspended": (Existence("out-of-scope", "there", "out-of-scope"), "rest"),
    "out of scope and never linked rests": (Existence("out-of-scope", "none"), "rest"),
    "out of scope and removed disconnects": (Existence("out-of-scope", "gone", "linked"), (Disconnect("removed"),)),
    "unreadable is suspended, never deleted": (
        Existence("unreadable", "there", "linked", on_delete="delete", reason="not readable"),
        (Suspend("not readable"),),
    ),
    "unreadable and removed disconnects": (
        Existence("unreadable", "gone", "linked", on_removal="delete"),
        (Disconnect("removed"),),
    ),
    "unreadable and disconnected rests": (Existence("unreadable", "gone", "disconnected", "removed"), "rest"),
}


@pytest.mark.parametrize(("case", "verdict"), ROWS.values(), ids=ROWS.keys())
def test_existence(case: Existence, verdict: Verdict) -> None:
    assert judge_existence(case) == verdict
