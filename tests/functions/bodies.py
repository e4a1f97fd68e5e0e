"""Request bodies that several tests send. The secrets are known, so that a test can look for them."""

from typing import Any

PAT = "pat-7f3e9c1d5b"
KEY = "key-2a8b6d4f0e"

CONNECTION: dict[str, Any] = {
    "name": "Contoso",
    "oneplan": {"group": "Contoso PMO", "keyName": "demo", "key": KEY},
    "azureDevOps": {
        "url": "https://dev.azure.com/contoso",
        "patName": "sync",
        "pat": PAT,
        "patExpires": "2027-10-01",
    },
    "planLevelTypes": ["Epic", "Feature"],
    "taskTypes": ["User Story", "Task", "Bug"],
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
