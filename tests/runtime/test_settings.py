"""host.json and %SETTING% references."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from local.host.errors import SettingMissing
from local.host.settings import HostSettings, QueueSettings, read_settings, resolve, time_span
from shared.settings import Settings


def _read(folder: Path, content: object) -> HostSettings:
    (folder / "host.json").write_text(json.dumps(content))
    return read_settings(folder)


def test_an_empty_host_json_has_the_defaults_of_the_real_host(tmp_path: Path) -> None:
    assert _read(tmp_path, {"version": "2.0"}) == HostSettings(
        "api", QueueSettings(16, 8, 5, timedelta(0), timedelta(minutes=1), base64=True)
    )


def test_every_setting_of_queues_is_obeyed_and_half_a_batch_is_the_default_for_new_ones(tmp_path: Path) -> None:
    queues = {
        "batchSize": 4,
        "maxDequeueCount": 2,
        "visibilityTimeout": "00:00:30",
        "maxPollingInterval": "00:00:01.5",
        "messageEncoding": "none",
    }
    settings = _read(tmp_path, {"extensions": {"http": {"routePrefix": "/v1/"}, "queues": queues}})
    assert settings.route_prefix == "v1"
    assert settings.queues == QueueSettings(4, 2, 2, timedelta(seconds=30), timedelta(seconds=1.5), base64=False)


@pytest.mark.parametrize(
    ("queues", "named"),
    [
        ({"messageEncoding": "utf8"}, "messageEncoding"),
        ({"visibilityTimeout": "30"}, "'30' is no time span"),
        ({"batchSize": 33}, "batchSize"),
    ],
)
def test_a_wrong_value_is_named_with_its_file(tmp_path: Path, queues: object, named: str) -> None:
    with pytest.raises(SettingMissing, match=f"host.json: .*{named}"):
        _read(tmp_path, {"extensions": {"queues": queues}})


def test_a_time_span_may_have_days() -> None:
    assert time_span("1.02:03:04") == timedelta(days=1, hours=2, minutes=3, seconds=4)


def test_a_message_that_failed_comes_back_after_the_lease_of_its_worker() -> None:
    """Sooner, it would meet its own lease, leave the item to whoever holds it, and end; nobody holds it."""
    ours = read_settings(Path(__file__).parents[2]).queues.visibility_timeout
    lease = Settings.read(
        {"KEY_VAULT_URL": "https://a.vault.azure.net", "AzureWebJobsStorage": "UseDevelopmentStorage"}
    )
    assert ours > timedelta(seconds=lease.lease_seconds)


def test_references_are_replaced_inside_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "test")
    assert resolve("hooks-%STAGE%-queue") == "hooks-test-queue"
    with pytest.raises(SettingMissing, match="the setting ABSENT_HERE is missing"):
        resolve("%ABSENT_HERE%")
