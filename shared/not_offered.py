"""What a connection asks for that has no effect: said with every answer, never pretended."""

from shared.configuration import Connection
from shared.refusals import FieldError

_NOT_OFFERED = {
    "/writeHyperlink": "an import-only connection writes nothing to Azure DevOps, so no hyperlinks either",
}


def not_offered(configuration: Connection) -> tuple[FieldError, ...]:
    """The members that are set and have no effect; all else of the connection works."""
    asked = {
        "/writeHyperlink": configuration.write_hyperlink and not configuration.options.allow_one_plan_edits,
    }
    return tuple(FieldError(path, _NOT_OFFERED[path]) for path, wanted in asked.items() if wanted)
