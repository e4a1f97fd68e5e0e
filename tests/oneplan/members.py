"""The members that the reference documents for each record (oneplan-openapi.json), with the kind of each.

g GUID, d date or null, s text, i integer or enumeration, n number or null, b truth, o object or null, a list.
"""

PLAN = (
    "id:g ConfigId:g Name:s Archived:b Folder:b Fragment:b Hidden:b Author:g Editor:g Created:d Modified:d "
    "LastComment:d PlannerTypeId:g ParentPlanId:g PortfolioParentId:g PortfolioOrder:i PlanNumber:s Fields:o "
    "SummaryFields:o Integrations:a SubPlans:a UserList:a InheritUserList:a TeamList:a InheritTeamList:a "
    "Comments:a Snapshots:a RateTables:a Splits:a LockInfo:o LastLocation:s DateSets:a StageGateFlow:o FragmentInfo:o"
)
TASK = (
    "id:g ConfigId:g WorkPlanId:g WorkTypeId:g ParentId:g WorkTypeParentId:g Name:s Created:d Modified:d "
    "StartDate:d DueDate:d LastComment:d Author:s Editor:s AssignedTo:a Assignments:a NonLaborAssignments:a Index:i "
    "WorkTypeIndex:i Complete:b IsScheduled:b TaskScheduleType:i Fields:o Comments:a StatusUpdate:o Integration:o"
)
COLUMN = (
    "Id:g Order:i InternalName:s DisplayName:s Description:s Baseline:s DefaultValue:s ParentFilterField:s "
    "ColumnType:i ColumnAggregate:i Choices:o ChoiceParents:o NumericValues:o Locked:b ReadOnly:b Required:b "
    "Percentage:b AllowAdditions:b Hidden:b ShowInQuickStart:b WriteablePlanTypes:a PlanTypeId:g Decimals:i "
    "MinValue:n MaxValue:n Function:i RollupWorkType:g RollupAggregate:i RollupLookupField:s RollupField:s "
    "RollupFilter:s Filter:o System:b MultiLine:b BuiltIn:b AIEnabled:b AIUseForPlanCreation:b"
)
RESOURCE = (
    "id:g ConfigId:g userid:g Office365Id:g name:s ProfilePicture:s Generic:b Inactive:b CanLogin:b UserOnly:b "
    "GlobalPermissions:i OnePlanSecurityGroup:g LastLogin:d Fields:o TimeZone:s ExternalId:s Delegates:a "
    "Notifications:o"
)
PLAN_TYPE = "id:g Name:s ParentTypeId:g Hidden:b"
WORK_TYPE = "Id:g Name:s Description:s ListType:i PlanTypes:a"
PLAN_MARKER = (
    "IntegrationId:g ItemId:s ItemUrl:s TransactionId:g LastExport:d LastImport:d IntegrationVersion:i Properties:o"
)
LINE_ITEM = "Id:g SystemType:i ListType:i Properties:o"
EVENT = "id:g ConfigId:g EventUrl:s Strategy:s IntegrationId:g List:i Triggers:a Type:i Filter:s"
EVENT_ACTION = (
    "id:g ConfigId:g EventId:g PlanId:g ResourceId:g ReportId:g EventTime:d Processed:b Message:s Values:o "
    "accesstoken:s BaseClass:s BaseClassJSON:s SequenceNumber:i"
)
AUDIT_PLAN = "id:g ConfigId:g PlanId:g PlanName:s UserId:g AuthKey:s Action:s Timestamp:d UpdatedFieldValues:o"
AUDIT_TASK = (
    "id:g ConfigId:g TaskId:g TaskName:s ParentName:s WorkTypeId:g PlanId:g UserId:g AuthKey:s Action:s "
    "Timestamp:d UpdatedFieldValues:o"
)
AUDIT_RESOURCE = (
    "id:g ConfigId:g ResourceId:g ResourceName:s UserId:g AuthKey:s Action:s Timestamp:d UpdatedFieldValues:o"
)
ITERATION = "id:g ConfigId:g PlanId:g Name:s Start:d End:d TargetPoints:i TargetHours:i ExternalId:s ExternalUrl:s"
DEPENDENCY = "id:g ConfigId:g WorkPlanId:g From:g To:g Type:i Lag:i LagUnit:s Bidirectional:b"
COMMENT = "Id:g UPN:g PostDate:d Comment:s CC:a Users:a"
TEAM = "id:g ConfigId:g TeamName:s TeamDescription:s ProfilePicture:s TeamMembers:a Fields:o"
WORK_LOG = "Task:o Plan:o PeriodFound:b PeriodClosed:b TaskFound:b RowFound:b TotalUsedHours:n Hours:o"
SYNC_REPLY = (
    "tasks:o assignments:o dependencies:o resources:o Process:o revision:i NeedRefresh:b success:b Message:s "
    "requestId:i"
)
PLAN_LINK = "id:g ConfigId:g From:g To:g Type:i Style:i Lag:i LagUnit:s Bidirectional:b Description:s"
USER_ACCESS = "upn:g Level:i Inherited:b AccessType:i"
TEAM_ACCESS = "TeamId:g Level:i Inherited:b"
