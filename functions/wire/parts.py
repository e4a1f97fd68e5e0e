"""What several answers have in common, and how a refusal looks."""

from typing import Annotated, Any

from pydantic import Field

from shared.configuration import Part

type Number = Annotated[int, Field(ge=0)]
type Raw = str | int | float | bool | list[Any] | None


class MemberError(Part):
    """One member that is wrong: its JSON pointer, why, and what is allowed where that is short."""

    path: str
    message: str
    allowed: list[str] = Field(default_factory=list)


class Problem(Part):
    """Why a request was not carried out (RFC 9457). `current`: what it was to change, as it is now."""

    title: str
    status: int
    detail: str
    errors: list[MemberError] = Field(default_factory=list)
    current: dict[str, Any] | None = None


class BothValues(Part):
    """What both sides hold."""

    azure_dev_ops: Raw
    oneplan: Raw
