"""Routes in any letter case, as Azure DevOps takes them; its own answers write them in camel case."""

import re
from functools import cache

from starlette.routing import Route


def in_any_case(route: Route) -> Route:
    """The route, matching its path in any letter case."""
    route.path_regex = _pattern(route.path_regex.pattern)
    return route


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Compiled once: a process of the tests makes hundreds of stand-ins."""
    return re.compile(text, re.IGNORECASE)
