"""Answers about field mappings, their versions and their live fields."""

from datetime import datetime
from typing import Any

from pydantic import Field

from functions.wire.parts import BothValues, Number, Raw
from shared.configuration import Part
from shared.core.fields import FieldType
from shared.mapping_configuration import MappingConfiguration, PairConfiguration


class WrittenValues(Part):
    """What would be written to a side; absent where nothing would be."""

    azure_dev_ops: Raw = None
    oneplan: Raw = None


class TriedField(Part):
    """One field of a tried item."""

    azure_dev_ops: str
    oneplan: str
    held: BothValues
    written: WrittenValues
    residue: str = ""


class Trial(Part):
    """What a mapping would do to one work item."""

    work_item: Number
    created: bool
    fields: list[TriedField]


class MappingAnswer(Part):
    """A mapping that was put or tried."""

    mapping: MappingConfiguration
    touched_items: Number
    warnings: list[str]
    trial: Trial | None = None
    run: str = ""


class ShownChoice(Part):
    """A value of a field that takes only certain ones."""

    id: str
    label: str
    category: str = ""
    types: list[str] = Field(default_factory=list)


class ShownField(Part):
    """A field of one system."""

    name: str
    label: str
    type: FieldType
    required: bool
    read_only: bool
    why_read_only: str = ""
    choices: list[ShownChoice] = Field(default_factory=list)
    types: list[str] = Field(default_factory=list)


class ShownTable(Part):
    """The fields of one table on both sides, and the pairs that are offered."""

    azure_dev_ops: list[ShownField]
    oneplan: list[ShownField]
    suggestions: list[PairConfiguration]


class LiveFieldsAnswer(Part):
    """The fields of both systems as they are now."""

    plans: ShownTable
    tasks: ShownTable


class ShownVersion(Part):
    """A version and when it was saved."""

    version: Number
    saved: datetime


class VersionList(Part):
    """The versions of a configuration, the newest first."""

    versions: list[ShownVersion]
    current: Number


class ShownDifference(Part):
    """A member that differs."""

    path: str
    before: Any
    after: Any


class VersionDiff(Part):
    """What a version changed."""

    version: Number
    against: Number | None
    changes: list[ShownDifference]


class TakenIn(Part):
    """What an import or a restore changed."""

    id: str
    version: Number
    changes: list[ShownDifference]
    warnings: list[str]
    run: str = ""
