"""A planted defect: importing the app raises."""

raise RuntimeError("the import failed on purpose")
