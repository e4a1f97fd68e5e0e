"""Telling a system's own form of a value from a person's edit (design.md, decision 5). Pure."""

import re

from shared.core.model import Raw

_TAG = re.compile(r"<[^>]*>|&[#\w]+;")
_BETWEEN = re.compile(r"\W+")


def is_form_of(stored: Raw, sent: Raw) -> bool:
    """True where the stored value is what a system may make of the one that was sent: cut, or cleaned of markup.

    Only then nobody can have written it in between.
    """
    if not isinstance(stored, str) or not isinstance(sent, str):
        return stored in (None, "", ()) and sent in (None, "", ())
    kept, whole = _bare(stored), _bare(sent)
    return bool(kept) and whole.startswith(kept)


def _bare(text: str) -> str:
    return _BETWEEN.sub(" ", _TAG.sub(" ", text)).strip().casefold()
