"""What every test may use."""

from collections.abc import Iterator

import pytest

from local.azurite import Azurite, running_azurite


@pytest.fixture(scope="session")
def azurite() -> Iterator[Azurite]:
    """One in-memory Azurite per test process; tests use containers, queues and tables of their own names."""
    with running_azurite() as running:
        yield running
