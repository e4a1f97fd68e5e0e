"""Whether what a side stores is a form of what it was sent, or an edit that came in between (decision 5)."""

import pytest

from shared.core.forms import is_form_of
from shared.core.model import Raw


@pytest.mark.parametrize(
    ("stored", "sent", "form"),
    [
        ("A name", "A name", True),
        ("a NAME", "A name", True),
        ("A na", "A name", True),  # cut
        ("name", "A name", False),
        ("A name and more", "A name", False),
        ("a b", "<p>a</p><p>b</p>", True),  # cleaned of markup
        ("<div>a</div>\n<div>b</div>", "<p>a</p><p>b</p>", True),
        ("ab", "a b", False),
        ("ab", "a<br>b", False),
        ("a & b", "a &amp; b", True),
        ("a b", "a&nbsp;b", True),
        ("a b", "a&#160;b", True),
        ("a-b", "a - b", True),
        (" a. ", "a", True),
        ("", "A name", False),  # somebody emptied it
        ("...", "A name", False),
        ("A name", "", False),
        (None, None, True),
        ("", None, True),
        (None, "", True),
        ((), "", True),
        (None, (), True),
        (None, "A name", False),
        ("A name", None, False),
        ("", 3, False),
        (3, "3", False),
        (3, 3.5, False),
        (("a",), ("a",), False),
    ],
)
def test_only_what_a_system_may_make_of_a_value_is_a_form_of_it(stored: Raw, sent: Raw, form: bool) -> None:
    assert is_form_of(stored, sent) is form
