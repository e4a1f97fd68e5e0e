"""Who is who on both sides (R23): by mail, then by unique name, then by a display name that only one person has."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

type How = Literal["override", "mail", "unique-name", "name"]


@dataclass(frozen=True, slots=True)
class Resource:
    """A person of OnePlan; `id` is what an assignment takes."""

    id: str
    name: str
    mail: str = ""
    unique_name: str = ""


@dataclass(frozen=True)
class Directory:
    """Matches people. `mails` holds mail addresses that were looked up, by unique name; `overrides` wins over all."""

    resources: tuple[Resource, ...]
    overrides: Mapping[str, str] = field(default_factory=dict)
    mails: Mapping[str, str] = field(default_factory=dict)

    def match(self, person: str) -> str | None:
        """The OnePlan id of a person given as "Name <unique name>" or by either alone; None where nobody matches."""
        found = self.matched(person)
        return found[0] if found else None

    def matched(self, person: str) -> tuple[str, How] | None:
        """The OnePlan id of the person, and what they were recognised by."""
        name, unique = split(person)
        folded = (unique or name).casefold()
        mail = self.mails.get(folded, folded).casefold()
        tried: tuple[tuple[str | None, How], ...] = (
            (self.overrides.get(folded), "override"),
            (self._by_mail.get(mail), "mail"),
            (self._by_unique.get(folded), "unique-name"),
            (self._by_name.get(name.casefold()), "name"),
        )
        return next(((id_, how) for id_, how in tried if id_), None)

    def unique_name(self, resource_id: str) -> str | None:
        """What Azure DevOps knows the OnePlan person by; None where the person has neither mail nor unique name."""
        found = self._by_id.get(resource_id.casefold())
        inverse = next((unique for unique, id_ in self.overrides.items() if id_ == resource_id), None)
        return inverse or (found and (found.mail or found.unique_name)) or None

    @cached_property
    def _by_id(self) -> Mapping[str, Resource]:
        return {one.id.casefold(): one for one in self.resources}

    @cached_property
    def _by_mail(self) -> Mapping[str, str]:
        return {one.mail.casefold(): one.id for one in self.resources if one.mail}

    @cached_property
    def _by_unique(self) -> Mapping[str, str]:
        return {one.unique_name.casefold(): one.id for one in self.resources if one.unique_name}

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        often = Counter(one.name.casefold() for one in self.resources)
        return {one.name.casefold(): one.id for one in self.resources if often[one.name.casefold()] == 1}


def joined(name: str, unique_name: str) -> str:
    """The raw form of a person: as Azure DevOps writes one in text, "Name <unique name>"."""
    return f"{name} <{unique_name}>" if unique_name else name


def split(person: str) -> tuple[str, str]:
    """(name, unique name) of "Name <unique name>", split at the last `<` (ado-api.md section 10 [AGG])."""
    name, bracket, rest = person.rpartition("<")
    return (name.strip(), rest.removesuffix(">").strip()) if bracket and person.endswith(">") else (person, "")
