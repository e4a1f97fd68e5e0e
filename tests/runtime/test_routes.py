"""Route templates, matched as the real host matches them."""

import pytest

from local.host.errors import UnservedBinding
from local.host.functions import Function
from local.host.routes import decoded_path, routes_of


def _function(name: str, route: str | None, methods: list[str] | None = None) -> Function:
    trigger = {"type": "httpTrigger", "name": "req", "methods": methods}
    if route is not None:
        trigger["route"] = route
    return Function(name, name, trigger, (trigger,))


def _matched(routes: dict[str, str | None], path: str, prefix: str = "") -> tuple[str, dict[str, str]] | None:
    for route in routes_of([_function(name, template) for name, template in routes.items()], prefix):
        parameters = route.match("GET", path)
        if parameters is not None:
            return route.function.name, dict(parameters)
    return None


def test_the_prefix_stands_before_every_route_and_a_function_without_one_is_found_by_its_name() -> None:
    assert _matched({"health": None}, "/api/health", "api") == ("health", {})
    assert _matched({"health": None}, "/health", "api") is None
    assert _matched({"home": ""}, "/api", "api") == ("home", {})


def test_literal_beats_constrained_beats_plain_beats_catch_all() -> None:
    routes = {"rest": "x/{*rest}", "any": "x/{any}", "number": "x/{number:int}", "fixed": "x/fixed"}
    assert _matched(routes, "/x/fixed") == ("fixed", {})
    assert _matched(routes, "/x/12") == ("number", {"number": "12"})
    assert _matched(routes, "/x/other") == ("any", {"any": "other"})
    assert _matched(routes, "/x/a/b") == ("rest", {"rest": "a/b"})


def test_an_optional_parameter_may_be_absent_and_a_bounded_one_too_long() -> None:
    assert _matched({"f": "f/{part?}"}, "/f") == ("f", {})
    assert _matched({"home": "{nothing:maxlength(0)?}"}, "/") == ("home", {})
    assert _matched({"home": "{nothing:maxlength(0)?}"}, "/x") is None
    assert _matched({"two": "{name:length(2)}"}, "/abc") is None


def test_methods_are_part_of_the_match() -> None:
    (route,) = routes_of([_function("f", "f", ["post"])], "")
    assert route.match("POST", "/f") == {}
    assert route.match("GET", "/f") is None


def test_a_dot_in_a_template_is_a_dot() -> None:
    assert _matched({"f": "openapi.json"}, "/openapi.json") == ("f", {})
    assert _matched({"f": "openapi.json"}, "/openapiXjson") is None


def test_an_encoded_slash_stays_in_its_segment() -> None:
    assert decoded_path(b"/a%2Fb/c%20d/%2f") == "/a%2Fb/c d/%2F"


@pytest.mark.parametrize("template", ["{name}.json", "{x:datetime}", "{x:int(3)}", "{x:length}"])
def test_what_would_match_otherwise_in_azure_is_refused(template: str) -> None:
    with pytest.raises(UnservedBinding, match="the local host does not serve"):
        routes_of([_function("f", template)], "")
