"""What becomes of the comments of a pair: originals are copied, copies follow, and no copy is ever copied back."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.comments import Comment, Remove, Talk, Told, Write, copied_from, copy_of, sense_of, talk
from shared.core.model import Both, Side

A, P = Side.AZURE_DEVOPS, Side.ONEPLAN
URLS = Both("https://dev.azure.com/contoso/_workitems/edit/5", "https://my.oneplan.ai/plan/1")
GUID = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
THERE = Comment("12", "<p>Hello <b>you</b></p>", "Jamal <J> Hartnett", "2026-11-24 18:00 UTC")
HERE = Comment(GUID, "Line", "Paula Möller", "2026-11-24 18:05 UTC")
COPY = Comment("c0", copy_of(THERE, A, URLS.azure_devops))
COPY_THERE = Comment("90", copy_of(HERE, P, URLS.oneplan))
TOLD = Told(A, "12", THERE.sense, "c0", COPY.sense)
TOLD_HERE = Told(P, GUID, HERE.sense, "90", COPY_THERE.sense)
EDITED = replace(THERE, html="<p>Hello all</p>")
DROPPED = replace(TOLD, copy="", copied="")
TWICE = replace(COPY, id="c1")
BY_HAND = replace(COPY, html=COPY.html.replace("Hello", "Bye"))

OTHER = Comment("13", "More", "Jamal", "2026-11-24 19:00 UTC")
OTHER_COPY = Comment("c3", copy_of(OTHER, A, URLS.azure_devops))

CASES: dict[str, tuple[list[Comment], list[Comment], list[Told], list[Write | Remove], list[Told]]] = {
    "nobody said anything": ([], [], [], [], []),
    "a comment in Azure DevOps": ([THERE], [], [], [Write(P, THERE)], []),
    "a comment in OnePlan": ([], [HERE], [], [Write(A, HERE)], []),
    "both copied": ([THERE, COPY_THERE], [HERE, COPY], [TOLD, TOLD_HERE], [], [TOLD, TOLD_HERE]),
    "copied, and the worker died": ([THERE], [COPY], [], [], [TOLD]),
    "copied twice by two workers": (
        [THERE],
        [COPY, replace(COPY, id="c1")],
        [TOLD],
        [Remove(P, replace(COPY, id="c1"))],
        [TOLD],
    ),
    "the original was edited": ([EDITED], [COPY], [TOLD], [Write(P, EDITED, (COPY,))], []),
    "the original was deleted": ([], [COPY], [TOLD], [Remove(P, COPY)], []),
    "a person deleted the copy": ([THERE], [], [TOLD], [], [DROPPED]),
    "that one's original is edited": ([EDITED], [], [DROPPED], [], [replace(DROPPED, sense=EDITED.sense)]),
    "a person edited the copy": ([THERE], [BY_HAND], [TOLD], [], [TOLD]),
    "and then the original is edited": ([EDITED], [BY_HAND], [TOLD], [Write(P, EDITED, (BY_HAND,))], []),
    "a person took the heading off the copy": ([THERE], [Comment("c0", "Mine")], [TOLD], [], [TOLD]),
    "both are gone": ([], [], [TOLD, TOLD_HERE], [], []),
    "the record of what was copied is lost": ([THERE, COPY_THERE], [HERE, COPY], [], [], [TOLD, TOLD_HERE]),
    "two originals were deleted": (
        [],
        [COPY, OTHER_COPY],
        [TOLD, Told(A, "13", OTHER.sense, "c3", OTHER_COPY.sense)],
        [Remove(P, COPY), Remove(P, OTHER_COPY)],
        [],
    ),
    "the original was deleted, and its copy is another one than is known": (
        [],
        [TWICE],
        [TOLD],
        [Remove(P, TWICE)],
        [],
    ),
    "the original was deleted, its copy lost its heading, and there is another": (
        [],
        [Comment("c0", "Mine"), TWICE],
        [TOLD],
        [Remove(P, TWICE), Remove(P, Comment("c0", "Mine"))],
        [],
    ),
    "the known copy is gone, and a person edited another": (
        [THERE],
        [replace(BY_HAND, id="c1")],
        [TOLD],
        [],
        [replace(TOLD, copy="c1", copied=BY_HAND.sense)],
    ),
    "the known copy is gone, and of two others one is as it was": (
        [THERE],
        [TWICE, replace(BY_HAND, id="c2")],
        [TOLD],
        [Remove(P, replace(BY_HAND, id="c2"))],
        [replace(TOLD, copy="c1")],
    ),
    "a copy of an original that nobody knows": ([COPY_THERE], [], [], [], []),
}


@pytest.mark.parametrize("case", CASES)
def test_what_becomes_of_the_comments(case: str) -> None:
    there, here, known, actions, told = CASES[case]
    assert talk(Both(there, here), known, URLS, may_write=True) == Talk(tuple(actions), tuple(told))


def test_an_edit_that_a_dead_worker_has_copied_is_not_copied_again() -> None:
    new = Comment("c1", copy_of(EDITED, A, URLS.azure_devops))
    found = talk(Both([EDITED], [COPY, new]), [TOLD], URLS, may_write=True)
    assert found == Talk((Remove(P, COPY),), (Told(A, "12", EDITED.sense, "c1", new.sense),))


def test_import_only_copies_towards_oneplan_only() -> None:
    found = talk(Both([THERE], [HERE]), [], URLS, may_write=False)
    assert found == Talk((Write(P, THERE),), ())
    assert talk(Both([], [HERE]), [TOLD_HERE], URLS, may_write=False) == Talk((), (TOLD_HERE,))
    found = talk(Both([THERE], [HERE, COPY]), [TOLD, TOLD_HERE], URLS, may_write=False)
    assert found == Talk((), (TOLD, TOLD_HERE))


def test_a_copy_says_who_wrote_what_when_and_where() -> None:
    said = '<a href="https://dev.azure.com/contoso/_workitems/edit/5">in Azure DevOps, comment 12</a>'
    heading = f"<p><b>Jamal &lt;J&gt; Hartnett</b>, 2026-11-24 18:00 UTC, {said}:</p>"
    assert COPY.html == f"{heading}<p>Hello <b>you</b></p>"
    assert "<script" not in copy_of(replace(THERE, html="<script>alert(1)</script>x"), A, "")


@pytest.mark.parametrize(
    ("author", "url", "heading"),
    [
        ("", "", "<p><b>Somebody</b>, 2026-11-24 18:00 UTC, in Azure DevOps, comment 12:</p>"),
        (
            """ Ann "A"  O'Neil """,
            "https://x.test/?a&b",
            """<p><b>Ann "A" O'Neil</b>, 2026-11-24 18:00 UTC, """
            """<a href="https://x.test/?a&amp;b">in Azure DevOps, comment 12</a>:</p>""",
        ),
    ],
)
def test_the_heading_of_a_copy(author: str, url: str, heading: str) -> None:
    assert copy_of(replace(THERE, author=author, html=""), A, url) == heading


@pytest.mark.parametrize(
    ("id_", "mark"), [("1234567890", "1234567890"), (GUID, "3f2504e0"), ("3F25-04E0-4F89", "3f2504e0")]
)
def test_a_copy_names_its_original_by_its_number_or_the_beginning_of_its_guid(id_: str, mark: str) -> None:
    assert Comment(id_, "").mark == mark


def test_comments_that_show_nothing_show_the_same() -> None:
    assert sense_of("") == sense_of("<p> </p>") == sense_of("<div>" * 501 + "x")
    assert sense_of("") != sense_of("a")


@pytest.mark.parametrize("form", ["html", "text", "blanks", "lines"])
def test_a_copy_is_known_whatever_a_system_makes_of_its_tags(form: str) -> None:
    html = copy_of(HERE, P, URLS.oneplan)
    made = {
        "html": html.replace("<b>", "<strong>").replace("</b>", "</strong>"),
        "text": "Paula Möller, 2026-11-24 18:05 UTC, in OnePlan, comment 3f2504e0:\nLine",
        "blanks": html.replace("<p>", "<div>\n ").replace("</p>", "&nbsp;</div>").replace(", ", ",&nbsp;<i> </i>", 1),
        "lines": html.replace(" Möller", "\n  Möller").replace("UTC, ", "UTC,\r\n"),
    }[form]
    assert copied_from(Comment("1", made)) == (P, "3f2504e0")


@pytest.mark.parametrize(
    "html", ["", "Hello", "Re: Paula, in OnePlan, comment 3f2504e0: ok", f"<p>See</p>{COPY.html}" * 2]
)
def test_what_people_write_is_an_original(html: str) -> None:
    assert copied_from(Comment("1", html)) is None


class _System:
    """One side as it keeps comments: an edit is none where it has no route for it."""

    def __init__(self, comments: Sequence[Comment]) -> None:
        self.comments = list(comments)
        self.made = 1000 if not comments or comments[0].id.isdecimal() else 0

    def add(self, side: Side, html: str) -> Comment:
        self.made += 1
        made = Comment(str(self.made) if side is A else str(UUID(int=self.made << 96)), html)
        self.comments.append(made)
        return made

    def remove(self, id_: str) -> None:
        self.comments = [one for one in self.comments if one.id != id_]


def _apply(systems: Both[_System], known: Sequence[Told], *, dies_after: int = 10_000) -> tuple[list[Told], int]:
    """What is known afterwards, as before where the worker died; and how much was written."""
    found = talk(Both(systems.azure_devops.comments, systems.oneplan.comments), known, URLS, may_write=True)
    told, writes = list(found.told), 0
    for action in found.actions:
        steps: list[tuple[str, Comment]] = []
        if isinstance(action, Write):
            steps = [("add", action.original), *(("remove", one) for one in action.replaces)]
        else:
            steps = [("remove", action.copy)]
        for what, comment in steps:
            if writes == dies_after:
                return list(known), writes
            writes += 1
            if what == "remove":
                systems.of(action.side).remove(comment.id)
                continue
            origin = action.side.other
            made = systems.of(action.side).add(action.side, copy_of(comment, origin, URLS.of(origin)))
            told.append(Told(origin, comment.id, comment.sense, made.id, made.sense))
    return told, writes


texts = st.sampled_from(["a", "<p>b</p>", "c<br>d", "<ul><li>e</li></ul>"])


@given(
    st.lists(texts, max_size=3),
    st.lists(texts, max_size=3),
    st.lists(st.tuples(st.sampled_from(["edit", "delete", "die"]), st.integers(0, 5), texts), max_size=5),
)
def test_whatever_happens_each_original_has_one_copy_and_then_nothing_is_written(
    there: list[str], here: list[str], acts: list[tuple[str, int, str]]
) -> None:
    systems = Both(
        _System([Comment(str(number + 1), one) for number, one in enumerate(there)]),
        _System([Comment(str(UUID(int=(number + 9000) << 96)), one) for number, one in enumerate(here)]),
    )
    originals = {one.id: one.html for side in Side for one in systems.of(side).comments}
    known: list[Told] = []
    for what, number, text in acts:
        known, _ = _apply(systems, known, dies_after=number if what == "die" else 10_000)
        side = systems.of(A if number % 2 else P)
        mine = [one for one in side.comments if one.id in originals]
        if what == "die" or not mine:
            continue
        chosen = mine[number % len(mine)]
        if what == "delete":
            side.remove(chosen.id)
            del originals[chosen.id]
        else:
            side.comments = [replace(one, html=text) if one is chosen else one for one in side.comments]
            originals[chosen.id] = text
    known, _ = _apply(systems, known)
    again, writes = _apply(systems, known)
    assert (set(again), writes) == (set(known), 0)
    for side in Side:
        for one in systems.of(side).comments:
            if one.id in originals:
                copies = [each for each in systems.of(side.other).comments if copied_from(each) == (side, one.mark)]
                assert [each.sense for each in copies] == [sense_of(copy_of(one, side, URLS.of(side)))]
    copies = sum(copied_from(one) is not None for side in Side for one in systems.of(side).comments)
    assert copies == len(originals)
