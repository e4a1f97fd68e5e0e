"""How far the feeds were read is kept however many rows of the audit a busy moment has."""

from uuid import uuid4

from azure.data.tables.aio import TableServiceClient

from local.azurite import Azurite
from shared.adapters.oneplan.audit_feed import SEEN
from shared.adapters.watermark_rows import WatermarkTable


async def test_a_place_with_all_that_was_seen_in_a_busy_moment_is_kept(azurite: Azurite) -> None:
    """A thousand rows of the audit by their names are longer than a property of a row."""
    busy = {"seen": [f"{number:08d} Update 2026-11-29T23:27:49.6107950+00:00" for number in range(SEEN)]}
    connection = f"c-{uuid4().hex[:12]}"
    async with TableServiceClient.from_connection_string(azurite.connection_string) as tables:
        watermarks = WatermarkTable(tables)
        assert await watermarks.move(connection, "changes", busy, None)
        found = await watermarks.get(connection, "changes")
        assert found is not None
        assert found.place == busy
        assert await watermarks.move(connection, "changes", {"seen": []}, found.etag)
        after = await watermarks.get(connection, "changes")
        assert after is not None
        assert after.place == {"seen": []}
