"""What two versions of a document differ in."""

from typing import Any

import pytest

from shared.core.difference import Difference, differences

A, B = {"azureDevOps": "a", "oneplan": "x", "kind": "text"}, {"azureDevOps": "b", "oneplan": "y"}
C = {"azureDevOps": "c", "oneplan": "z/~"}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [("/a", 1, 2)]),
        ({"a": {"b": 1}}, {"a": {"c": 2}}, [("/a/b", 1, None), ("/a/c", None, 2)]),
        ({"a": [1, 2]}, {"a": [2]}, [("/a", [1, 2], [2])]),
        ({"a/b": 1}, {}, [("/a~1b", 1, None)]),
        ({"p": [A, B]}, {"p": [C, A, B]}, [("/p/c = z~1~0", None, C)]),
        ({"p": [A, B]}, {"p": [{**A, "kind": "date"}]}, [("/p/a = x/kind", "text", "date"), ("/p/b = y", B, None)]),
        ({"p": [A]}, {"p": []}, [("/p", [A], [])]),
        ({}, {"a": {"b": 1}}, [("/a", None, {"b": 1})]),
    ],
)
def test_each_member_that_differs_is_named(before: Any, after: Any, found: list[tuple[str, Any, Any]]) -> None:
    assert list(differences(before, after)) == [Difference(*one) for one in found]
