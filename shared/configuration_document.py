"""The whole configuration of a connection as one document: what is exported, imported and kept as a version (R12)."""

from typing import Annotated, Any

from pydantic import Field, ValidationError

from shared.configuration import Connection, Name, Part, field_errors
from shared.mapping_configuration import MappingConfiguration
from shared.refusals import InvalidInput


class People(Part):
    """Who is who where neither mail nor name tells."""

    overrides: Annotated[
        dict[Name, Name], Field(max_length=5000, default_factory=dict, examples=[{"CONTOSO\\jdoe": "jane@contoso.com"}])
    ]
    """People of OnePlan, by mail address or id, for unique names of Azure DevOps."""


class ConfigurationDocument(Part):
    """A connection with its field mapping and its table of people, without secrets."""

    connection: Connection
    """The two systems, what is brought in, and how. `key` and `pat` are never exported; given, they replace the stored
    ones."""
    mapping: MappingConfiguration
    """Which fields are kept in step."""
    people: People = People()
    """Who is who."""


def parse_document(body: Any) -> ConfigurationDocument:
    """InvalidInput names every member that is wrong."""
    try:
        return ConfigurationDocument.model_validate(body)
    except ValidationError as error:
        raise InvalidInput(field_errors(error, "a configuration")) from None


def parse_people(body: Any) -> People:
    """InvalidInput names every member that is wrong."""
    try:
        return People.model_validate(body)
    except ValidationError as error:
        raise InvalidInput(field_errors(error, "a table of people")) from None


def public(document: ConfigurationDocument) -> dict[str, Any]:
    """The document as JSON, without secrets."""
    people = {"overrides": dict(sorted(document.people.overrides.items()))}
    return {
        "connection": document.connection.public(),
        "mapping": document.mapping.model_dump(mode="json", by_alias=True),
        "people": people,
    }
