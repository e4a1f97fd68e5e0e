"""YAML as the import takes it, and as the export writes it."""

from typing import Any

import pytest

from functions.yaml_text import dump, parse
from shared.refusals import Refusal


@pytest.mark.parametrize(
    "value",
    [
        {"a": [["New", "Not started"], ["on", "02:00"]], "b": {"c": None, "d": 1, "e": 0.1, "f": True}},
        {"quoted": ["yes", "null", "1", "", " x ", "é: ü", "a # b", "- x", "2027-10-01"]},
        {"long": "word " * 60, "lines": "one\ntwo\n", "empty": [], "none": {}},
    ],
)
def test_what_is_written_is_read_as_it_was(value: Any) -> None:
    assert parse(dump(value, "a heading\nof two lines").encode()) == value


def test_times_and_words_are_texts() -> None:
    assert parse(b"at: 02:00\nmode: on\n") == {"at": "02:00", "mode": "on"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"a: 1\na: 2\n", "line 2, column 1: a key is there twice"),
        (b"a: &x [1]\nb: *x\n", "line 2: an alias"),
        (b"a: &x [*x]\n", "an alias"),
        (b"a: [1\n", "line"),
        (b"a: !!python/object/apply:os.system ['true']\n", "could not determine a constructor"),
        (b"a: 1\n---\nb: 2\n", "another document"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"\t- x", "line 1"),
        (b"[" * 20_000, "cannot be read"),
        (b"a: 2027-99-99\n", "cannot be read"),
    ],
)
def test_anything_else_is_refused_with_its_place(text: bytes, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        parse(text)


def test_the_refusal_never_shows_a_piece_of_the_text() -> None:
    with pytest.raises(Refusal) as caught:
        parse(b"pat: 'top-secret\nkey: top-secret\n  x: [top-secret\n")
    assert "top-secret" not in caught.value.detail
