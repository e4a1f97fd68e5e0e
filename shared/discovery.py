"""What is asked of two systems that no connection joins yet (contracts.md: discover)."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from shared.configuration import AzureDevOpsPart, Connection, Name, OnePlanPart, Part, Secret, Url, field_errors
from shared.refusals import InvalidInput


class OnePlanAccess(Part):
    """An environment of OnePlan and a key to it."""

    url: Url = "https://my.oneplan.ai"
    key_name: Name
    key: Annotated[Secret, Field(repr=False)]


class AzureDevOpsAccess(Part):
    """An organization of Azure DevOps and a token for it."""

    url: Url
    pat: Annotated[Secret, Field(repr=False)]


class DiscoveryRequest(Part):
    """Credentials for one of the two systems or both, or the id of a connection that has them stored."""

    oneplan: OnePlanAccess | None = None
    azure_dev_ops: AzureDevOpsAccess | None = None
    connection: Name | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = self.oneplan is not None or self.azure_dev_ops is not None
        if given == (self.connection is not None):
            raise ValueError("either connection is given, or oneplan or azureDevOps or both")
        return self

    def unsaved(self) -> Connection:
        """As a connection that may be opened, of which only the addresses and credentials mean something."""
        oneplan, devops = self.oneplan, self.azure_dev_ops
        return Connection(
            name="discovery",
            oneplan=OnePlanPart(group="discovery", url=oneplan.url, key_name=oneplan.key_name, key=oneplan.key)
            if oneplan
            else OnePlanPart(group="discovery", key_name="discovery"),
            azure_dev_ops=AzureDevOpsPart(
                url=devops.url if devops else "https://dev.azure.com",
                pat_name="discovery",
                pat=devops.pat if devops else None,
                pat_expires=date.max,
            ),
            plan_level_types=("discovery",),
            task_types=(),
        )


def parse_discovery(body: Any) -> DiscoveryRequest:
    """InvalidInput names every member that is wrong."""
    try:
        return DiscoveryRequest.model_validate(body)
    except ValidationError as error:
        raise InvalidInput(field_errors(error, "this request")) from None
