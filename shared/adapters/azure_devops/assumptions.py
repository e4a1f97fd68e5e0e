"""What we assume of Azure DevOps and the record does not settle: one place, so that it is corrected in minutes.

docs/assumptions.md tells how to test each on a real organization. Section numbers are those of ado-api.md; [K] is
common knowledge that was not confirmed.
"""

API_VERSION = "7.1"
# Preview resources refuse a version without their preview number (section 1 [K]).
COMMENTS_VERSION = "7.1-preview.4"
CONNECTION_VERSION = "7.1-preview.1"
PROJECT_PROPERTIES_VERSION = "7.1-preview.1"

# Ids a batch read takes (section 5 [D]), and operations that one $batch takes (section 6 [K]).
READ_BATCH = 200
WRITE_BATCH = 200
# Rows asked for where lists are paged by $top and $skip: no more than the service's own default, so that a page
# with fewer is surely the last one (section 1 [K]).
PAGE = 100

# WIQL answers at most 20,000 ids and refuses more, unless $top is below that (section 5 [D]).
QUERY_PAGE = 10_000

# The host of identities for an organization's host (section 1 [D] for dev.azure.com, [K] for visualstudio.com).
# Every other host, a Server collection's among them, serves identities below its own base.
IDENTITY_HOSTS = {"dev.azure.com": "vssps.dev.azure.com"}
VISUAL_STUDIO = ".visualstudio.com"
VISUAL_STUDIO_IDENTITIES = ".vssps.visualstudio.com"

# What a lost race is called (section 3). A 409 with another name is a duplicate or a broken rule, not a race.
STALE_TYPES = ("TestPatchOperationFailedException", "WorkItemRevisionMismatchException")
STALE_CODES = ("VS403351", "TF26071")

# What a refused link is called (section 6 [K]): a cycle, a second parent, a link that is there already.
LINK_TYPES = ("WorkItemLink", "RelationAlreadyExists")
LINK_CODES = ("TF2010", "VS403309")

# Seconds to wait after a 429 that names none; the window slides over 5 minutes (section 4 [D]).
RATE_LIMIT_PAUSE = 30.0

# Project properties that hold the process (section 8 [D example]).
PROCESS_ID_PROPERTY = "System.ProcessTemplateType"
PROCESS_NAME_PROPERTY = "System.Process Template"

# What orders a backlog: in Agile, Basic and CMMI the first, in Scrum the second (section 8).
ORDER_FIELDS = ("Microsoft.VSTS.Common.StackRank", "Microsoft.VSTS.Common.BacklogPriority")
