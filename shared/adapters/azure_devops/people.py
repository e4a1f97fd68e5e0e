"""Who the token belongs to, and who is who (ado-api.md sections 1 and 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shared.adapters.azure_devops.assumptions import CONNECTION_VERSION
from shared.adapters.azure_devops.model import Person
from shared.adapters.azure_devops.service import Service
from shared.adapters.members import listed, member, required, table, text

SearchBy = Literal["General", "MailAddress", "AccountName", "DisplayName"]


@dataclass(frozen=True)
class Account:
    """Who a token belongs to, and which organization answered."""

    id: str
    name: str
    mail: str
    organization_id: str


class Accounts(Service):
    """On the organization's own host."""

    async def me(self) -> Account:
        """Whose token it is, and which organization answered: the usual probe of a token."""
        what = "checking the access token"
        answer = await self.get("_apis/connectionData", what, version=CONNECTION_VERSION)
        user = required(answer, "authenticatedUser", what)
        return Account(
            id=str(required(user, "id", what)),
            name=_name(user),
            mail=_property(user, "Account"),
            organization_id=text(answer, "instanceId"),
        )


class Identities(Service):
    """On the identity host; needs the scope Identity (read)."""

    async def search(self, wanted: str, by: SearchBy = "General") -> list[Person]:
        """The identities that match."""
        query = {"searchFilter": by, "filterValue": wanted}
        what = "searching for a person"
        answer = await self.get("_apis/identities", what, query=query)
        return [_person(row) for row in listed(member(answer, "value"), what)]


def _person(row: Mapping[str, Any]) -> Person:
    return Person(
        display_name=_name(row),
        unique_name=_property(row, "Mail") or _property(row, "Account"),
        id=text(row, "id"),
        descriptor=text(row, "subjectDescriptor"),
    )


def _name(row: Any) -> str:
    """The name that the person chose where there is one (section 7 [R])."""
    return text(row, "customDisplayName") or text(row, "providerDisplayName")


def _property(row: Any, name: str) -> str:
    """A property of an identity: a pair of $type and $value (section 7 [R])."""
    return text(member(table(row, "properties"), name), "$value")
