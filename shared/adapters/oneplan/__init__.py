"""OnePlan over its REST API. Facts: reference/oneplan/oneplan-api.md; what was assumed: assumptions.py."""
