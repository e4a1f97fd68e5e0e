"""People (oneplan-api.md section 10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.adapters.members import listed, member, table, text
from shared.adapters.oneplan.assumptions import ASSIGN_BY
from shared.adapters.oneplan.model import guid
from shared.adapters.oneplan.service import Service


@dataclass(frozen=True)
class ResourceRecord:
    """A person. `mail` and `unique_name` are found in `Fields` (section 10 [OBSERVED])."""

    id: str
    user_id: str | None
    name: str
    mail: str
    unique_name: str
    inactive: bool
    generic: bool

    @classmethod
    def of(cls, raw: Any) -> "ResourceRecord":
        fields: Mapping[str, Any] = table(raw, "Fields")
        return cls(
            id=guid(member(raw, "id")) or "",
            user_id=guid(member(raw, "userid")),
            name=text(raw, "name") or text(fields, "Name"),
            mail=text(fields, "mail"),
            unique_name=text(fields, "userPrincipalName"),
            inactive=bool(member(raw, "Inactive")),
            generic=bool(member(raw, "Generic")),
        )

    @property
    def assignable_id(self) -> str:
        """The id by which the person is assigned to a task."""
        return self.id if ASSIGN_BY == "id" else self.user_id or self.id


class Resources(Service):
    """The people of the group."""

    async def read_all(self) -> list[ResourceRecord]:
        what = "reading the people"
        return [ResourceRecord.of(row) for row in listed(await self.get("resources", what), what)]

    async def find(self, mail: str) -> list[ResourceRecord]:
        """Those with that mail address."""
        what = "looking for a person"
        found = listed(await self.get("resources", what, query={"email": mail}), what)
        return [ResourceRecord.of(row) for row in found]

    async def me(self) -> ResourceRecord | None:
        """Whose name the key writes under, where OnePlan tells (section 1 UNKNOWN)."""
        found = ResourceRecord.of(await self.get("resources/me", "checking the authentication key"))
        return found if found.id else None
