"""What every test may use."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from local.azurite import Azurite, running_azurite

# How long one example takes says nothing on a machine that others use too.
settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")


@pytest.fixture(scope="session")
def azurite() -> Iterator[Azurite]:
    """One in-memory Azurite per test process; tests use containers, queues and tables of their own names."""
    with running_azurite() as running:
        yield running
