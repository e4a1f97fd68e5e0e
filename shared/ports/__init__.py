"""What the use cases need of the outside, as Protocols; `shared.adapters` fulfils them."""

from shared.ports.remotes import AzureDevOpsItems, Found, OnePlanItems, Remotes, Setup
from shared.ports.runs import Failure, Failures, LeftOutItem, Page, Pages, PageState, Run, RunBodies, Runs
from shared.ports.stored import (
    Connections,
    DueRows,
    Queue,
    SaveState,
    SecretNames,
    Secrets,
    Step,
    StoredConnection,
    Unhandled,
)
from shared.ports.sync import Held, Intents, Lease, Link, Links, LostLease, Waiting, WaitingItem
from shared.ports.trust import Activity, ActivityEntry, ActivityPage, Conflict, Conflicts, Wanted

__all__ = [
    "Activity",
    "ActivityEntry",
    "ActivityPage",
    "AzureDevOpsItems",
    "Conflict",
    "Conflicts",
    "Connections",
    "DueRows",
    "Failure",
    "Failures",
    "Found",
    "Held",
    "Intents",
    "Lease",
    "LeftOutItem",
    "Link",
    "Links",
    "LostLease",
    "OnePlanItems",
    "Page",
    "PageState",
    "Pages",
    "Queue",
    "Remotes",
    "Run",
    "RunBodies",
    "Runs",
    "SaveState",
    "SecretNames",
    "Secrets",
    "Setup",
    "Step",
    "StoredConnection",
    "Unhandled",
    "Waiting",
    "WaitingItem",
    "Wanted",
]
