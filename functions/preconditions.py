"""Conditional changes: who changes a configuration names the version that it was read in."""

import re

import azure.functions as func

from shared.ports import StoredConnection
from shared.refusals import ChangedMeanwhile, NoPrecondition, Refusal


def etag(stored: StoredConnection) -> str:
    """Of the configuration: what the app itself notes in the row does not change it."""
    return f'"{stored.version}"'


def check_version(req: func.HttpRequest, stored: StoredConnection) -> None:
    """Returns where If-Match names the stored version; NoPrecondition or ChangedMeanwhile otherwise."""
    given = (req.headers.get("if-match") or "").strip()
    if not given:
        raise NoPrecondition(f"send the ETag that you read, such as If-Match: {etag(stored)}")
    if not re.fullmatch(r'\*|(W/)?"[^"]*"(\s*,\s*(W/)?"[^"]*")*', given):
        raise Refusal(f"If-Match is {given[:80]!r}; an ETag such as {etag(stored)} is needed")
    named = {one.strip().removeprefix("W/") for one in given.split(",")}
    if given != "*" and etag(stored) not in named:
        raise ChangedMeanwhile(f"it has version {stored.version} now; read it again", stored.version)
