"""By which settings a run works, as a fingerprint: what changes it, and what does not (R3 to R8, R11, R23)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.configuration import Connection, parse_connection
from shared.connections.names import secret_names
from shared.engine.stamps import is_outdated, settings_of, stamped
from shared.mapping_configuration import StoredMapping
from shared.ports import Run, StoredConnection

ONEPLAN = {"group": "Contoso", "url": "https://my.oneplan.ai", "keyName": "sync", "key": "k"}
DEVOPS = {"url": "https://dev.azure.com/contoso", "patName": "sync", "pat": "p", "patExpires": "2027-10-01"}


def configuration(**members: Any) -> Connection:
    body = {"name": "Contoso", "oneplan": ONEPLAN, "azureDevOps": DEVOPS, "planLevelTypes": ["Epic", "Feature"]}
    return parse_connection({**body, "taskTypes": ["Task"], "defaultOwner": "pmo@contoso.com", **members})


def stored(**members: Any) -> StoredConnection:
    return StoredConnection(
        "contoso-1", "ready", configuration(**members), secret_names("contoso-1", generation=1), datetime.now(UTC)
    )


@pytest.mark.parametrize(
    "members",
    [
        {"planLevelTypes": ["Epic"]},
        {"planLevelTypes": ["Feature", "Epic"]},
        {"taskTypes": ["Task", "Bug"]},
        {"scope": {"projects": ["Retail"]}},
        {"scope": {"areaPaths": ["Retail\\Web"]}},
        {"scope": {"tags": ["Portfolio"]}},
        {"scope": {"wiql": "[System.Title] <> 'x'"}},
        {"options": {"teamProjectAsParentPlan": True}},
        {"options": {"includeItemsWithoutIteration": True}},
        {"options": {"allowOnePlanEdits": False}},
        {"conflictPolicy": "hold"},
        {"onWorkItemDelete": "delete"},
        {"onPlanDelete": "delete"},
        {"onOnePlanEditWhenImportOnly": "put-back"},
        {"defaultOwner": "uwe@contoso.com"},
        {"teamProjectPlanType": "Epic"},
        {"writeHyperlink": True},
        {"comments": True},
        {"attachments": True},
        {"brake": {"share": 0.5}},
        {"oneplan": {**ONEPLAN, "group": "Fabrikam"}},
    ],
)
def test_what_a_run_depends_on_changes_it(members: dict[str, Any]) -> None:
    assert settings_of(stored(**members)) != settings_of(stored())


@pytest.mark.parametrize(
    "members",
    [
        {"name": "Fabrikam"},
        {"enabled": False},
        {"oneplan": {**ONEPLAN, "key": "other", "keyName": "other", "buttonName": "Boards"}},
        {"azureDevOps": {**DEVOPS, "url": "https://contoso.visualstudio.com", "pat": "other", "patName": "other"}},
        {"azureDevOps": {**DEVOPS, "patExpires": "2027-11-01"}},
        {"schedule": {"incrementalMinutes": 10, "fullAt": "03:00", "timeZone": "Europe/Berlin"}},
        {"retentionDays": 30},
        {"changeFeed": "sweep"},
    ],
)
def test_what_a_run_does_not_depend_on_leaves_it(members: dict[str, Any]) -> None:
    assert settings_of(stored(**members)) == settings_of(stored())


def test_it_is_that_of_people_and_mapping_too_and_of_nothing_that_changes_by_itself() -> None:
    one = stored()
    mapped = replace(one, mapping=StoredMapping(replace(one.mapping.fields, version=2)))
    named = replace(one, overrides={"uwe@contoso.com": "1"})
    assert len({settings_of(each) for each in (one, mapped, named)}) == 3
    secrets = secret_names("contoso-1", generation=2)
    later = replace(one, version=7, integration="i", hooked="h", state="saving", etag="e", secrets=secrets)
    assert settings_of(later) == settings_of(one)


def test_of_a_run_without_it_only_the_mapping_counts() -> None:
    """An earlier version of the app began it."""
    run = Run("r", "contoso-1", "full", "timer", mapping=1)
    assert not is_outdated(run, stored(taskTypes=["Bug"]))
    assert is_outdated(replace(run, mapping=2), stored())
    new = stamped(run, stored())
    assert not is_outdated(new, stored(name="Fabrikam"))
    assert is_outdated(new, stored(taskTypes=["Bug"]))
