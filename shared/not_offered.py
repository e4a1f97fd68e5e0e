"""What a connection may ask for and this version does not do: said with every answer, never pretended."""

from shared.configuration import Connection
from shared.refusals import FieldError

_NOT_OFFERED = {
    "/writeHyperlink": "this version writes no hyperlink to the plan into work items",
    "/comments": "this version copies no comments",
    "/attachments": "this version copies no attachments",
}


def not_offered(configuration: Connection) -> tuple[FieldError, ...]:
    """The members that are set and have no effect yet; all else of the connection works."""
    asked = {
        "/writeHyperlink": configuration.write_hyperlink,
        "/comments": configuration.comments,
        "/attachments": configuration.attachments,
    }
    return tuple(FieldError(path, _NOT_OFFERED[path]) for path, wanted in asked.items() if wanted)
