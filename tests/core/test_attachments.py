"""Attachments as links in a text of OnePlan: what compares, what is written, and that people's own words stay."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.attachments import canonical, raw_of, written
from shared.core.model import Raw, Side, Worded

A, P = Side.AZURE_DEVOPS, Side.ONEPLAN
URL = "https://dev.azure.com/contoso/_apis/wit/attachments"
ONE, TWO = raw_of(f"{URL}/11", "a b.txt"), raw_of(f"{URL}/22?fileName=x", "Über <1> & 2.pdf")
OWN = '<p>See <a href="https://example.com/x">mine</a></p>'
FIRST = f'<li><a href="{URL}/11?fileName=a%20b.txt#attachment">a b.txt</a></li>'


def test_each_file_is_a_link_with_its_name() -> None:
    shown = written(canonical(A, (ONE, TWO)), None)
    address = f"{URL}/22?fileName=%C3%9Cber%20%3C1%3E%20%26%202.pdf#attachment"
    assert shown == f'<ul>{FIRST}<li><a href="{address}">Über &lt;1&gt; &amp; 2.pdf</a></li></ul>'


@pytest.mark.parametrize(
    ("there", "files", "after"),
    [
        (OWN, (ONE,), f"{OWN}<ul>{FIRST}</ul>"),
        (f"{OWN}<ul>{FIRST}</ul>", None, OWN),
        (f"<ul>{FIRST}</ul>{OWN}", (ONE,), f"{OWN}<ul>{FIRST}</ul>"),
        (f"<ul>{FIRST}</ul>", None, None),
        (f"<ul>{FIRST}<li>mine</li></ul>", None, "<ul><li>mine</li></ul>"),
        ("<ul><li></li></ul>", None, "<ul><li></li></ul>"),
        (None, None, None),
    ],
    ids=["added", "removed", "moved by a person", "the only ones", "in a list of a person", "never ours", "none"],
)
def test_what_people_wrote_beside_the_links_stays(there: Raw, files: Raw, after: Raw) -> None:
    assert written(canonical(A, files) if files else None, there) == after


@pytest.mark.parametrize(
    "shown",
    [
        f"<ul>\n <li><A class='x' HREF='{URL}/11?fileName=a#attachment' target=\"_blank\">a&#32;b.txt</A></li></ul>",
        f'<p><a href="{URL}/11#attachment">a b.txt</a></p>{OWN}',
    ],
)
def test_what_an_editor_makes_of_a_link_is_the_same_link(shown: str) -> None:
    assert canonical(P, shown) == canonical(A, (ONE,))


def test_another_file_of_the_same_name_and_another_name_of_the_same_file_are_others() -> None:
    senses = [canonical(A, (raw_of(f"{URL}/{file}", name),)) for file, name in ((1, "a"), (2, "a"), (1, "b"))]
    assert len({repr(getattr(one, "sense", None)) for one in senses}) == 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (raw_of(f"{URL}/11?fileName=a", "a"), raw_of("https://else.test/x/ATTACHMENTS/11?fileName=b#c", "a"), True),
        (raw_of("https://x.test/f?v=1?2", "a"), raw_of("https://x.test/F?v=2", "a"), True),
        (raw_of("https://x.test/f", "a"), raw_of("https://x.test/g", "a"), False),
    ],
    ids=["the address of an attachment", "another address", "another file"],
)
def test_a_file_is_told_by_its_id_or_else_by_its_address_without_the_query(one: str, other: str, same: bool) -> None:
    assert (canonical(A, (one,)) == canonical(A, other)) is same


def test_links_stand_in_the_order_of_their_names() -> None:
    raws = tuple(raw_of(f"{URL}/{file}", name) for file, name in (("2", "b"), ("3", "a"), ("1", "A"), ("4", "B")))
    assert [one[-1] for one in _words(raws)] == ["A", "a", "b", "B"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (" a\x07b\n\tc.txt ", "a b c.txt"),
        ("\x07", "Attachments"),
        ("""it's "a".txt""", """it's "a".txt"""),
    ],
)
def test_a_name_is_one_line_as_it_is_written(name: str, shown: str) -> None:
    assert _words((raw_of(f"{URL}/1", name),)) == [raw_of(f"{URL}/1", shown)]
    assert f">{shown}</a>" in str(written(canonical(A, (raw_of(f"{URL}/1", name),)), None))


def _words(raws: tuple[str, ...]) -> list[str]:
    found = canonical(A, raws)
    assert isinstance(found, Worded)
    assert isinstance(found.words, tuple)
    return [str(one) for one in found.words]


files = st.builds(raw_of, st.uuids().map(lambda one: f"{URL}/{one}"), st.text(max_size=12))
texts = st.one_of(st.none(), st.text(alphabet="<>/aul li\"'#=&;attchmenhref ", max_size=80), st.just(OWN))


@given(st.lists(files, max_size=4), texts)
def test_once_written_it_means_the_same_and_is_written_the_same(found: list[Any], there: Raw) -> None:
    value = canonical(A, tuple(found)) if found else None
    once = written(value, there)
    assert canonical(P, once) == value
    assert written(value, once) == once
