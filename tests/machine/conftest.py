"""A vault for all programs."""

from collections.abc import Iterator

import pytest

from local.parts import start_vault
from local.vault import RunningVault


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningVault]:
    started = start_vault(tmp_path_factory.mktemp("vault") / "vault")
    yield started.vault
    started.child.stop()
