"""Route templates of HTTP functions, matched as ASP.NET Core (the real host) matches them.

Case and a trailing slash do not matter, a more literal template wins whatever the order of declaration, and a
method that no function takes is a 404: methods are a route constraint there, not a reason for 405.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from local.host.errors import UnservedBinding
from local.host.functions import Function

_PARAMETER = re.compile(r"\{(?P<name>\w+)(?::(?P<constraint>[a-z]+)(?:\((?P<bound>\d+)\))?)?(?P<optional>\?)?\}")
_CATCH_ALL = re.compile(r"\{\*{1,2}(?P<name>\w+)\}")
_CONSTRAINTS = {
    "int": r"-?\d+",
    "long": r"-?\d+",
    "alpha": r"[a-z]+",
    "guid": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "length": r"[^/]{%s}",
    "maxlength": r"[^/]{0,%s}",
    "minlength": r"[^/]{%s,}",
}
_LITERAL_RANK, _CONSTRAINED_RANK, _PARAMETER_RANK, _CATCH_ALL_RANK = 1, 2, 3, 5


@dataclass(frozen=True)
class Route:
    """A function's address: methods (None: all of them) and a compiled template."""

    function: Function
    methods: frozenset[str] | None
    pattern: re.Pattern[str]
    rank: tuple[int, ...]

    def match(self, method: str, path: str) -> Mapping[str, str] | None:
        """The route parameters, without absent ones; None where the route is another."""
        found = self.pattern.fullmatch(path)
        if not found or (self.methods is not None and method not in self.methods):
            return None
        return {name: value for name, value in found.groupdict().items() if value}


def routes_of(functions: Iterable[Function], prefix: str) -> tuple[Route, ...]:
    """The routes of the HTTP functions, the one to try first in front. Raises UnservedBinding."""
    routes = [_route(function, prefix) for function in functions]
    return tuple(sorted(routes, key=lambda route: route.rank))


def decoded_path(raw_path: bytes) -> str:
    """The path percent-decoded but for an encoded slash, which ASP.NET Core keeps inside its segment."""
    return unquote(re.sub("%2f", "%252F", raw_path.decode("ascii"), flags=re.IGNORECASE))


def _route(function: Function, prefix: str) -> Route:
    template = "/".join(part for part in (prefix, function.trigger.get("route") or _default(function)) if part)
    segments = [_segment(function, text) for text in template.strip("/").split("/") if text]
    pattern = "".join(text for text, _ in segments) + "/?"
    methods = function.trigger.get("methods")
    return Route(
        function,
        frozenset(method.upper() for method in methods) if methods else None,
        re.compile(pattern, re.IGNORECASE),
        tuple(rank for _, rank in segments),
    )


def _default(function: Function) -> str:
    """The route of a function that declares none is its name; an empty one is the prefix itself."""
    return "" if function.trigger.get("route") == "" else function.name


def _segment(function: Function, text: str) -> tuple[str, int]:
    """The expression, with its leading slash, and the rank of one segment of a template."""
    if catch_all := _CATCH_ALL.fullmatch(text):
        return f"(?:/(?P<{catch_all['name']}>.*))?", _CATCH_ALL_RANK
    if parameter := _PARAMETER.fullmatch(text):
        constraint, bound = parameter["constraint"], parameter["bound"]
        value = f"/(?P<{parameter['name']}>{_value(function, constraint, bound)})"
        rank = _CONSTRAINED_RANK if constraint else _PARAMETER_RANK
        return (f"(?:{value})?" if parameter["optional"] else value), rank
    if "{" in text:
        raise UnservedBinding(f"the local host does not serve the route segment {text!r} of {function.name}")
    return "/" + re.escape(text), _LITERAL_RANK


def _value(function: Function, constraint: str | None, bound: str | None) -> str:
    if constraint is None:
        return "[^/]+"
    expression = _CONSTRAINTS.get(constraint, "")
    if not expression or ("%s" in expression) != (bound is not None):
        raise UnservedBinding(f"the local host does not serve the route constraint {constraint!r} of {function.name}")
    return expression.replace("%s", bound or "")
