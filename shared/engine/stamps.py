"""By which settings a run lays its work out: where they change, it gives way to another run (R3 to R8, R11, R23)."""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from pydantic.main import IncEx

from shared.ports import Run, StoredConnection

# What changes nothing of what a run has read and laid out: names, credentials and addresses of the same two systems,
# and what only timers go by. Every other member counts, also one that is to come.
WITHOUT_EFFECT: Mapping[str, IncEx | bool] = {
    "name": True,
    "enabled": True,
    "oneplan": {"url", "key_name", "key", "button_name"},
    "azure_dev_ops": True,
    "schedule": True,
    "retention_days": True,
    "change_feed": True,
}


def settings_of(connection: StoredConnection) -> str:
    """The fingerprint of all that the lay-out of a run depends on: configuration, mapping and table of people.

    Without defaults: a version of the app that knows more members makes the same of what was stored before it.
    """
    configuration = connection.configuration.model_dump(mode="json", exclude=WITHOUT_EFFECT, exclude_defaults=True)
    parts = [configuration, dict(connection.overrides), connection.mapping.fields.version]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def stamped(run: Run, connection: StoredConnection | None) -> Run:
    """The run works by the settings as they are now."""
    if connection is None:
        return run
    return replace(run, mapping=connection.mapping.fields.version, settings=settings_of(connection))


def is_outdated(run: Run, connection: StoredConnection) -> bool:
    """Whether the settings are others than those by which the run works.

    Of a run that an earlier version of the app began only the mapping is known.
    """
    if not run.settings:
        return run.mapping != connection.mapping.fields.version
    return run.settings != settings_of(connection)
