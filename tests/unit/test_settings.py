"""Settings: declared once, read once, named where they are wrong."""

from pathlib import Path

import pytest

from shared.settings import Settings, WrongSetting, documentation

GOOD = {"AzureWebJobsStorage": "UseDevelopmentStorage=true", "KEY_VAULT_URL": "https://v.vault.azure.net/"}
LOCAL = {**GOOD, "LOCAL_MODE": "true", "LOCAL_VAULT_PORT": "7083", "LOCAL_VAULT_CERTIFICATE": "cert.pem"}
IDENTITY = {
    "AzureWebJobsStorage__tableServiceUri": "https://s.table.core.windows.net",
    "AzureWebJobsStorage__queueServiceUri": "https://s.queue.core.windows.net",
    "AzureWebJobsStorage__blobServiceUri": "https://s.blob.core.windows.net",
    "KEY_VAULT_URL": "https://v.vault.azure.net",
}


@pytest.mark.parametrize("environment", [GOOD, LOCAL, IDENTITY])
def test_good_settings_are_read(environment: dict[str, str]) -> None:
    assert Settings.read(environment).key_vault_url == "https://v.vault.azure.net"


def test_lists_and_numbers_are_parsed() -> None:
    settings = Settings.read({**GOOD, "ALLOWED_HOSTS": " a.example , http://127.0.0.1:7081,", "RATE_SCALE": "10"})
    assert settings.allowed_hosts == ("a.example", "http://127.0.0.1:7081")
    assert settings.rate_scale == 10


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "AzureWebJobsStorage"),
        ({"KEY_VAULT_URL": GOOD["KEY_VAULT_URL"]}, "AzureWebJobsStorage"),
        ({k: v for k, v in IDENTITY.items() if "queue" not in k}, "AzureWebJobsStorage__queueServiceUri"),
        ({k: v for k, v in IDENTITY.items() if "blob" not in k}, "AzureWebJobsStorage__blobServiceUri"),
        ({"AzureWebJobsStorage": "x"}, "KEY_VAULT_URL"),
        ({**GOOD, "KEY_VAULT_URL": "http://v"}, "KEY_VAULT_URL"),
        ({**GOOD, "RATE_SCALE": "0"}, "RATE_SCALE"),
        ({**GOOD, "RATE_SCALE": "fast"}, "RATE_SCALE"),
        ({**GOOD, "LOCAL_MODE": "perhaps"}, "LOCAL_MODE"),
        ({**LOCAL, "LOCAL_VAULT_PORT": "70000"}, "LOCAL_VAULT_PORT"),
        ({**GOOD, "LOCAL_MODE": "true"}, "LOCAL_VAULT_PORT"),
        ({**LOCAL, "WEBSITE_INSTANCE_ID": "abc"}, "LOCAL_MODE"),
    ],
)
def test_a_wrong_setting_is_named(environment: dict[str, str], named: str) -> None:
    with pytest.raises(WrongSetting) as caught:
        Settings.read(environment)
    assert caught.value.name == named


def test_a_wrong_value_is_not_repeated() -> None:
    with pytest.raises(WrongSetting) as caught:
        Settings.read({**GOOD, "KEY_VAULT_URL": "http://user:secret@v"})
    assert "secret" not in str(caught.value)


def test_the_document_is_the_one_that_the_code_makes() -> None:
    written = Path(__file__).parents[2] / "docs" / "settings.md"
    assert written.read_text() == documentation(), "run `make docs`"
