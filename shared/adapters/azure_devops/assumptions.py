"""What we assume of Azure DevOps and the record does not settle: one place, so that it is corrected in minutes.

docs/assumptions.md tells how to test each on a real organization.
"""

API_VERSION = "7.1"
# Preview resources refuse a version without their preview number (ado-api.md section 1 [K]).
COMMENTS_VERSION = "7.1-preview.4"
CONNECTION_VERSION = "7.1-preview.1"
GRAPH_VERSION = "7.1-preview.1"

# Ids a batch read takes (section 5 [D]), and operations that one $batch takes (section 6 [K]).
READ_BATCH = 200
WRITE_BATCH = 200

# WIQL answers at most 20,000 ids and refuses more, unless $top is below that (section 5 [D]).
QUERY_PAGE = 10_000

# The host of identities for an organization's host (section 1 [D] for dev.azure.com, [K] for visualstudio.com).
# Every other host, a Server collection's among them, serves identities below its own base.
IDENTITY_HOSTS = {"dev.azure.com": "vssps.dev.azure.com"}
VISUAL_STUDIO = ".visualstudio.com"
VISUAL_STUDIO_IDENTITIES = ".vssps.visualstudio.com"
