"""YAML in and out: one document of plain values, in which nothing is there twice and nothing stands for something else.

YAML 1.2, so 02:00 is a text and `on` is no truth value.
"""

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import Node

from shared.refusals import Refusal

MEDIA_TYPE = "application/yaml"
MEDIA_TYPES = (MEDIA_TYPE, "application/x-yaml", "text/yaml", "text/x-yaml")
# The parser takes about a second for so many bytes.
LIMIT = 128 * 1024
WIDTH = 120


class _Plain(Composer):
    """Refuses aliases: with them a few lines can stand for gigabytes."""

    def compose_node(self, parent: Node | None, index: Any) -> Any:
        if self.parser.check_event(AliasEvent):
            event = self.parser.peek_event()
            raise YAMLError(f"line {event.start_mark.line + 1}: an alias (*) is not taken; write the value out")
        return super().compose_node(parent, index)


def parse(text: bytes) -> Any:
    """The document's value; Refusal where it is no such YAML."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _Plain
    try:
        return yaml.load(text.decode("utf-8-sig"))
    except (YAMLError, ValueError, RecursionError, AttributeError, TypeError) as error:
        raise Refusal(f"the body is not YAML as this app takes it: {_plain(error)}") from None


def _plain(error: Exception) -> str:
    """Where and what, without a piece of the text: it may hold a secret."""
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
    problem = getattr(error, "problem", None)
    if problem:
        twice = "found duplicate key" in problem
        return f"{place}{'a key is there twice' if twice else problem.partition(' with value')[0]}"
    if isinstance(error, YAMLError):
        return str(error).partition("\n")[0]
    return "it cannot be read"


def dump(value: Any, heading: str) -> str:
    """The value as YAML, below comment lines; lists of plain values stand in one line."""
    yaml = YAML()
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(_styled(value), out)
    comments = "".join(f"# {line}\n" for line in heading.splitlines())
    return comments + out.getvalue()


def _styled(value: Any) -> Any:
    if isinstance(value, dict):
        return CommentedMap((name, _styled(one)) for name, one in value.items())
    if isinstance(value, list):
        made = CommentedSeq(_styled(one) for one in value)
        if not any(isinstance(one, dict | list) for one in value):
            made.fa.set_flow_style()
        return made
    return value
