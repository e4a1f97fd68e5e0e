"""How Azure DevOps answers what is not there or not right (ado-api.md section 3).

TF200016 is recorded [R]. The other codes and type keys are [K]: clients must not depend on them.
"""

from typing import Any

from local.azure_devops.model import Project


class Failure(Exception):
    """A request that is answered with an error body instead of a value."""

    def __init__(self, status: int, type_key: str, message: str) -> None:
        super().__init__(message)
        self.status, self.type_key, self.message = status, type_key, message


def body(failure: Failure) -> dict[str, Any]:
    """The error body (section 3 [R])."""
    return {
        "$id": "1",
        "innerException": None,
        "message": failure.message,
        "typeName": f"Microsoft.TeamFoundation.Framework.Server.{failure.type_key}, Microsoft.TeamFoundation.Server",
        "typeKey": failure.type_key,
        "errorCode": 0,
        "eventId": 3000,
    }


def project_not_found(name: str) -> Failure:
    message = (
        f"TF200016: The following project does not exist: {name}. Verify that the name of the project is "
        "correct and that the project exists on the specified Azure DevOps Server."
    )
    return Failure(404, "ProjectDoesNotExistWithNameException", message)


def team_not_found(name: str) -> Failure:
    return Failure(404, "TeamNotFoundException", f"The team with id '{name}' does not exist.")


def process_not_found(name: str) -> Failure:
    return Failure(404, "ProcessNotFoundByTypeIdException", f"VS403111: There is no process with id {name}.")


def process_type_not_found(name: str) -> Failure:
    return Failure(404, "ProcessWorkItemTypeDoesNotExistException", f"VS402805: Cannot find the work item type {name}.")


def type_not_found(name: str, project: Project) -> Failure:
    message = f"VS402323: Work item type {name} does not exist in project {project.name}, or you cannot read it."
    return Failure(404, "WorkItemTypeNotFoundException", message)


def field_not_found(name: str) -> Failure:
    return Failure(404, "WorkItemTrackingFieldDefinitionNotFoundException", f"TF51535: Cannot find field {name}.")


def node_not_found(path: str) -> Failure:
    return Failure(404, "WorkItemTrackingTreeNodeNotFoundException", f"VS402485: The node '{path}' is not recognized.")


def node_exists(path: str) -> Failure:
    message = f"VS402371: Classification node name {path} is already in use by another child of its parent."
    return Failure(409, "ClassificationNodeDuplicateNameException", message)


def work_item_not_found(id_: int) -> Failure:
    message = f"TF401232: Work item {id_} does not exist, or you do not have permissions to read it."
    return Failure(404, "WorkItemUnauthorizedAccessException", message)


def part_not_found(name: str) -> Failure:
    return Failure(404, "VssServiceException", f"VS402001: '{name}' does not exist, or you cannot read it.")


def bad_parameter(name: str, value: str) -> Failure:
    return Failure(400, "VssPropertyValidationException", f"VS403357: The value '{value}' of {name} is not valid.")
