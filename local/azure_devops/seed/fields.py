"""The fields of the organization (names as in the specification's examples of wit/fields)."""

from local.azure_devops.model import FieldDefinition, FieldType

ORDER_AGILE = "Microsoft.VSTS.Common.StackRank"
ORDER_SCRUM = "Microsoft.VSTS.Common.BacklogPriority"
PRIORITY = "Microsoft.VSTS.Common.Priority"
START = "Microsoft.VSTS.Scheduling.StartDate"
TARGET = "Microsoft.VSTS.Scheduling.TargetDate"
STORY_POINTS = "Microsoft.VSTS.Scheduling.StoryPoints"
EFFORT = "Microsoft.VSTS.Scheduling.Effort"
SIZE = "Microsoft.VSTS.Scheduling.Size"
REMAINING_WORK = "Microsoft.VSTS.Scheduling.RemainingWork"
REPRO_STEPS = "Microsoft.VSTS.TCM.ReproSteps"
RISK_LEVEL = "Custom.RiskLevel"
SPONSOR_NOTE = "Custom.SponsorNote"

_READ_ONLY: tuple[tuple[str, str, FieldType], ...] = (
    ("System.Id", "ID", "integer"),
    ("System.Rev", "Rev", "integer"),
    ("System.AreaId", "Area ID", "integer"),
    ("System.IterationId", "Iteration ID", "integer"),
    ("System.NodeName", "Node Name", "string"),
    ("System.Watermark", "Watermark", "integer"),
    ("System.AuthorizedAs", "Authorized As", "identity"),
    ("System.AuthorizedDate", "Authorized Date", "dateTime"),
    ("System.RevisedDate", "Revised Date", "dateTime"),
    ("System.ChangedBy", "Changed By", "identity"),
    ("System.ChangedDate", "Changed Date", "dateTime"),
    ("System.CreatedBy", "Created By", "identity"),
    ("System.CreatedDate", "Created Date", "dateTime"),
    ("System.CommentCount", "Comment Count", "integer"),
    ("System.Parent", "Parent", "integer"),
    ("System.PersonId", "Person ID", "integer"),
    ("System.BoardColumn", "Board Column", "string"),
    ("System.BoardColumnDone", "Board Column Done", "boolean"),
    ("System.BoardLane", "Board Lane", "string"),
    ("System.RelatedLinkCount", "Related Link Count", "integer"),
    ("System.HyperLinkCount", "Hyperlink Count", "integer"),
    ("System.ExternalLinkCount", "External Link Count", "integer"),
    ("System.AttachedFileCount", "Attached File Count", "integer"),
    ("System.IsDeleted", "Is Deleted", "boolean"),
    *((f"System.AreaLevel{n}", f"Area Level {n}", "string") for n in range(1, 8)),
    *((f"System.IterationLevel{n}", f"Iteration Level {n}", "string") for n in range(1, 8)),
    ("Microsoft.VSTS.Common.StateChangeDate", "State Change Date", "dateTime"),
)

_WRITABLE: tuple[tuple[str, str, FieldType], ...] = (
    ("System.TeamProject", "Team Project", "string"),
    ("System.WorkItemType", "Work Item Type", "string"),
    ("System.Title", "Title", "string"),
    ("System.State", "State", "string"),
    ("System.Reason", "Reason", "string"),
    ("System.AssignedTo", "Assigned To", "identity"),
    ("System.AreaPath", "Area Path", "treePath"),
    ("System.IterationPath", "Iteration Path", "treePath"),
    ("System.Description", "Description", "html"),
    ("System.History", "History", "history"),
    ("System.Tags", "Tags", "plainText"),
    ("Microsoft.VSTS.Common.ActivatedDate", "Activated Date", "dateTime"),
    ("Microsoft.VSTS.Common.ResolvedDate", "Resolved Date", "dateTime"),
    ("Microsoft.VSTS.Common.ClosedDate", "Closed Date", "dateTime"),
    ("Microsoft.VSTS.Common.ClosedBy", "Closed By", "identity"),
    ("Microsoft.VSTS.Common.AcceptanceCriteria", "Acceptance Criteria", "html"),
    ("Microsoft.VSTS.Common.BusinessValue", "Business Value", "integer"),
    (ORDER_AGILE, "Stack Rank", "double"),
    (ORDER_SCRUM, "Backlog Priority", "double"),
    (START, "Start Date", "dateTime"),
    (TARGET, "Target Date", "dateTime"),
    ("Microsoft.VSTS.Scheduling.FinishDate", "Finish Date", "dateTime"),
    (STORY_POINTS, "Story Points", "double"),
    (EFFORT, "Effort", "double"),
    (SIZE, "Size", "double"),
    (REMAINING_WORK, "Remaining Work", "double"),
    ("Microsoft.VSTS.Scheduling.OriginalEstimate", "Original Estimate", "double"),
    ("Microsoft.VSTS.Scheduling.CompletedWork", "Completed Work", "double"),
    (REPRO_STEPS, "Repro Steps", "html"),
    ("Microsoft.VSTS.TCM.SystemInfo", "System Info", "html"),
    (SPONSOR_NOTE, "Sponsor Note", "string"),
)

_CHOICES = (
    FieldDefinition(PRIORITY, "Priority", "integer", picklist=("1", "2", "3", "4")),
    FieldDefinition(
        "Microsoft.VSTS.Common.Severity",
        "Severity",
        "string",
        picklist=("1 - Critical", "2 - High", "3 - Medium", "4 - Low"),
    ),
    FieldDefinition("Microsoft.VSTS.Common.Risk", "Risk", "string", picklist=("1 - High", "2 - Medium", "3 - Low")),
    FieldDefinition("Microsoft.VSTS.Common.ValueArea", "Value Area", "string", picklist=("Architectural", "Business")),
    FieldDefinition(
        "Microsoft.VSTS.Common.Activity",
        "Activity",
        "string",
        picklist=("Deployment", "Design", "Development", "Documentation", "Requirements", "Testing"),
        suggested=True,
    ),
    FieldDefinition(RISK_LEVEL, "Risk Level", "string", picklist=("Low", "Elevated", "Très élevé", "未定")),
)


def fields() -> dict[str, FieldDefinition]:
    """Every field of the organization by reference name."""
    read_only = [FieldDefinition(ref, name, kind, read_only=True) for ref, name, kind in _READ_ONLY]
    writable = [FieldDefinition(ref, name, kind) for ref, name, kind in _WRITABLE]
    return {field.reference_name: field for field in (*read_only, *writable, *_CHOICES)}
