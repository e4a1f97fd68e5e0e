"""The JSON Schema of a configuration file, made from the models (R12)."""

from functools import cache
from typing import Any

from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import CoreSchema

from shared.configuration_document import ConfigurationDocument

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Untitled(GenerateJsonSchema):
    """Leaves out the titles that pydantic makes of names: editors show the names themselves."""

    def field_title_should_be_set(self, schema: CoreSchema | FieldInfo | object) -> bool:
        return False


@cache
def configuration_schema() -> dict[str, Any]:
    """As editors understand it: descriptions, allowed words, defaults and examples."""
    schema = ConfigurationDocument.model_json_schema(by_alias=True, mode="validation", schema_generator=Untitled)
    return {
        "$schema": DIALECT,
        **schema,
        "title": "Configuration of a connection between OnePlan and Azure DevOps",
    }
