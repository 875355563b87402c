"""The page `published`."""
