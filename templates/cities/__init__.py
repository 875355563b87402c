"""The page `cities`."""
