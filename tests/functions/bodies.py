"""Request bodies that several tests send. The secrets are known, so that a test can look for them."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from local.standins import ORGANIZATION, StandIn

PAT = "demo-pat"
KEY = "demo-key"

NOBODY = "http://127.0.0.1:9"
PAT_EXPIRES = "2027-10-01"


@dataclass(frozen=True)
class Systems:
    """The two stand-ins that the connections of a test join."""

    azure_devops: StandIn
    oneplan: StandIn

    @property
    def settings(self) -> dict[str, str]:
        """The app settings by which the app may call them, and a port where nobody answers.

        Their limits are far away: all tests of a process join one organization, and so draw on one budget.
        """
        return {"ALLOWED_HOSTS": f"{self.azure_devops.root},{self.oneplan.root},{NOBODY}", "RATE_SCALE": "50"}

    def connection(self, **members: Any) -> dict[str, Any]:
        """A connection that works, to a group of its own, since no two may join the same."""
        group = {"group": f"Group {uuid4()}", "url": self.oneplan.root, "keyName": "demo", "key": KEY}
        organization = {"url": f"{self.azure_devops.root}/{ORGANIZATION}", "patName": "sync", "pat": PAT}
        return {
            "name": "Contoso",
            "oneplan": group,
            "azureDevOps": {**organization, "patExpires": PAT_EXPIRES},
            "planLevelTypes": ["Epic", "Feature"],
            "taskTypes": ["User Story", "Task", "Bug"],
            **members,
        }


UPDATED: dict[str, Any] = {
    "subscriptionId": "6f1f0d4e-3f0e-4a43-9c52-0d7a52c8d5aa",
    "notificationId": 3,
    "id": "27646e0e-b520-4d2b-9411-bba7524947cd",
    "eventType": "workitem.updated",
    "publisherId": "tfs",
    "resource": {"id": 2, "workItemId": 41, "rev": 2, "revision": {"id": 41, "rev": 2, "fields": {}}},
    "resourceVersion": "1.0",
}

PLAN_SAVED: dict[str, Any] = {"Id": "5f0c2e0a-0000-4000-8000-00000000abcd", "Name": "Website"}
