"""The use cases of syncing: a run in pages, and one pair at a time (design.md, The one idea)."""
