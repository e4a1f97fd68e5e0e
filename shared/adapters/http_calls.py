"""One request as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from shared.core.errors import Rejected

type Query = Mapping[str, str | int | bool | None]
type Places = Mapping[str, str | int | Sequence[str]]


@dataclass(frozen=True)
class Call:
    """One request. `route` is its template, by which calls are counted; `what` says it to a person.

    `safe`: it changes nothing, or repeating it changes nothing more. `secrets` are values in the body that no error
    text may show.
    """

    method: str
    route: str
    what: str
    places: Places = field(default_factory=dict)
    query: Query = field(default_factory=dict)
    body: Any = field(default=None, repr=False)
    content_type: str = "application/json"
    safe: bool = False
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def path(self) -> str:
        """The route with its places filled; Rejected where a value is none that a path can hold."""
        return filled(self.route, self.places, self.what)

    @property
    def parameters(self) -> dict[str, str]:
        """The query without what is None."""
        return {name: _text(value) for name, value in self.query.items() if value is not None}


def filled(route: str, places: Places, what: str) -> str:
    """The route with each `{place}` replaced by its value, percent-encoded, so that no value can change the route."""
    for name, value in places.items():
        parts = [str(value)] if isinstance(value, str | int) else [str(part) for part in value]
        if any(part.strip() in ("", ".", "..") for part in parts):
            raise Rejected(f"{what}: {'/'.join(parts)!r} is no {name}")
        # The dollar is literal before a work item type (ado-api.md section 6 [D]).
        route = route.replace(f"{{{name}}}", "/".join(quote(part, safe="$") for part in parts))
    return route


def _text(value: str | int | bool | None) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
