"""How a connection is: from what is stored, with what a person should do."""

from datetime import date, timedelta

import pytest

from functions.connection_health import pat
from tests.functions.bodies import PAT_EXPIRES
from tests.functions.conftest import Product

TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("days", "warning", "expired"),
    [(31, None, False), (30, 30, False), (15, 30, False), (14, 14, False), (7, 7, False), (1, 1, False), (-1, 1, True)],
)
def test_the_token_is_warned_of_at_each_mark(days: int, warning: int | None, expired: bool) -> None:
    shown = pat(TODAY + timedelta(days=days), TODAY)
    assert (shown["days"], shown["warning"], shown["expired"]) == (days, warning, expired)


def test_a_new_connection_tells_what_is_still_to_be_done(product: Product) -> None:
    connection = product.create_connection(name="Health")
    with product.client() as client:
        health = client.get(f"/connections/{connection}/health").json()
    assert (health["state"], health["paused"], health["pat"]["expires"]) == ("ready", None, PAT_EXPIRES)
    assert (health["waiting"], health["failures"], health["conflicts"]) == (0, 0, 0)
    assert health["changeFeed"] == {"configured": "auto", "inUse": None}
    assert any("PUBLIC_URL" in one or "Settings > Integration" in one for one in health["attention"])


def test_a_pause_for_maintenance_is_shown_and_ends(product: Product) -> None:
    connection = product.create_connection(name="Paused")
    with product.client() as client:
        try:
            client.post("/pause")
            paused = client.get(f"/connections/{connection}/health").json()
        finally:
            client.post("/resume")
        resumed = client.get(f"/connections/{connection}/health").json()
    assert paused["paused"]["reason"] == "paused for maintenance by local"
    assert resumed["paused"] is None
