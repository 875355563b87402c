"""The page `api`."""
