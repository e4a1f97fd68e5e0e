"""Azure DevOps Boards over REST 7.1. Facts: reference/ado/ado-api.md; what was assumed: assumptions.py."""
