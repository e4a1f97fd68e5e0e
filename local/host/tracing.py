"""The W3C trace context that the host hands to every invocation."""

import re
import secrets

_TRACE_PARENT = re.compile(r"00-(?P<trace>[0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


def trace_parent(incoming: str = "") -> str:
    """A new span's traceparent, in the incoming trace where that is well-formed, else in a new one."""
    found = _TRACE_PARENT.fullmatch(incoming)
    trace = found["trace"] if found else secrets.token_hex(16)
    return f"00-{trace}-{secrets.token_hex(8)}-01"
