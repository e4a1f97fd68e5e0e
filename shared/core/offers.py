"""Pairs that an administrator adds with one click, where both systems have their fields (R11)."""

from shared.core.mapping import FieldPair

_POINTS = "Microsoft.VSTS.Scheduling."

OFFERED = (
    FieldPair("System.State", "State", "choice"),
    FieldPair("System.Description", "Description", "rich-text"),
    FieldPair("Microsoft.VSTS.Common.Priority", "Priority", "number"),
    *(FieldPair(_POINTS + name, "Effort", "number") for name in ("StoryPoints", "Effort", "Size")),
    FieldPair("System.Tags", "Tags", "tags"),
    FieldPair("System.AreaPath", "AreaPath", "path"),
)
