"""The functions of an app, as the runtime indexed them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from local.host.errors import UnservedBinding

HTTP = "httpTrigger"
QUEUE = "queueTrigger"
TIMER = "timerTrigger"
SERVED_TRIGGERS = frozenset({HTTP, QUEUE, TIMER})
HTTP_ANSWER = ("http", "$return")


@dataclass(frozen=True)
class Function:
    """One indexed function and its bindings, the trigger apart."""

    name: str
    function_id: str
    trigger: Mapping[str, Any]
    bindings: tuple[Mapping[str, Any], ...]

    @property
    def kind(self) -> str:
        """The trigger's type: httpTrigger, queueTrigger or timerTrigger."""
        return str(self.trigger["type"])

    @property
    def argument(self) -> str:
        """The name of the parameter that takes what triggered the function."""
        return str(self.trigger["name"])


def function_from(name: str, function_id: str, raw_bindings: Iterable[str]) -> Function:
    """The function with its bindings read. Raises UnservedBinding for one this host would not serve."""
    bindings = tuple(json.loads(text) for text in raw_bindings)
    triggers = [binding for binding in bindings if binding["type"].endswith("Trigger")]
    for binding in bindings:
        if binding["type"] not in SERVED_TRIGGERS and (binding["type"], binding["name"]) != HTTP_ANSWER:
            raise UnservedBinding(_refusal(name, binding))
    if len(triggers) != 1:
        raise UnservedBinding(f"the function {name} has {len(triggers)} triggers; it must have one")
    return Function(name, function_id, triggers[0], bindings)


def _refusal(name: str, binding: Mapping[str, Any]) -> str:
    return (
        f"the function {name} declares the binding {binding['name']!r} of type {binding['type']!r}; "
        f"the local host serves {', '.join(sorted(SERVED_TRIGGERS))} and HTTP answers only"
    )
