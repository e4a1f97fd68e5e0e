"""What both stand-ins share: control routes, fault rules, switches, call counts, rate limits, the server."""
