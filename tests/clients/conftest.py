"""Clients over a scripted wire, over the stand-ins, and without waiting between attempts."""

from collections.abc import Iterator

import pytest
import stamina

from tests.clients.wire import Wire


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """Attempts follow one another at once; their number stays the product's."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture
def wire() -> Wire:
    return Wire()
