"""The page `sources`."""
