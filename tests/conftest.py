"""What every test may use."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from local.azurite import Azurite, running_azurite
from local.parts import start_vault
from local.vault import RunningVault

# How long one example takes says nothing on a machine that others use too.
settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")


@pytest.fixture(scope="session")
def azurite() -> Iterator[Azurite]:
    """One in-memory Azurite per test process; tests use containers, queues and tables of their own names."""
    with running_azurite() as running:
        yield running


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningVault]:
    """One vault per test process; a secret's name has its connection's id in it."""
    started = start_vault(tmp_path_factory.mktemp("vault") / "vault")
    yield started.vault
    started.child.stop()
