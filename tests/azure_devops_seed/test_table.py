"""The printed table of oddities, and the tokens."""

import pytest

from local.azure_devops.model import Organization
from local.azure_devops.seed import ODDITIES, counted
from local.azure_devops.seed.__main__ import main, table
from local.azure_devops.seed.tokens import tokens
from tests.azure_devops_seed.seeded import seeded


def test_the_table_has_a_row_with_the_count_of_each_oddity(contoso: Organization) -> None:
    rows = [line.split() for line in table(contoso).splitlines()[2 : 2 + len(ODDITIES)]]
    assert {row[0]: int(row[1]) for row in rows} == dict(counted(contoso))


def test_the_table_of_the_failing_seed_says_how_many_must_fail() -> None:
    failing = seeded(300, "failing")
    assert f"{len(failing.expected_failures)} expected to fail" in table(failing)
    assert "refused-plan" in table(failing)


def test_the_command_prints_the_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["seed", "--size", "40", "--seed", "7"])
    main()
    assert "40 work items in 6 team projects" in capsys.readouterr().out


def test_the_demo_token_has_exactly_the_least_scopes() -> None:
    scopes = {token.value: token.scopes for token in tokens()}
    assert scopes["demo-pat"] == {"vso.identity_manage", "vso.work_full"}
    assert scopes["read-only-pat"] == {"vso.identity", "vso.work"}
    assert [token.value for token in tokens() if token.expired] == ["expired-pat"]
