"""Who the token belongs to, and who is who (ado-api.md sections 1 and 7)."""

from collections.abc import Mapping
from typing import Any

from shared.adapters.azure_devops.assumptions import CONNECTION_VERSION
from shared.adapters.azure_devops.model import Account, Person
from shared.adapters.azure_devops.service import Service


class Accounts(Service):
    """On the organization's own host."""

    async def me(self) -> Account:
        """Whose token it is, and which organization answered: the usual probe of a token."""
        answer = await self.get("_apis/connectionData", "checking the access token", CONNECTION_VERSION)
        user = answer["authenticatedUser"]
        return Account(
            id=str(user["id"]),
            name=str(user.get("providerDisplayName") or user.get("customDisplayName") or ""),
            mail=_property(user, "Account"),
            organization_id=str(answer.get("instanceId", "")),
        )


class Identities(Service):
    """On the identity host; needs the scope Identity (read)."""

    async def search(self, text: str, by: str = "General") -> list[Person]:
        """The identities that match, by `General`, `MailAddress`, `AccountName` or `DisplayName`."""
        what = "searching for a person"
        answer = await self.get("_apis/identities", what, searchFilter=by, filterValue=text)
        return [
            Person(
                display_name=str(row.get("customDisplayName") or row.get("providerDisplayName") or ""),
                unique_name=_property(row, "Mail") or _property(row, "Account"),
                id=str(row.get("id", "")),
                descriptor=str(row.get("subjectDescriptor") or ""),
            )
            for row in answer["value"]
            if row
        ]


def _property(row: Mapping[str, Any], name: str) -> str:
    found = (row.get("properties") or {}).get(name)
    return str(found.get("$value", "")) if isinstance(found, Mapping) else ""
