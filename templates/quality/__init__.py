"""The page `quality`."""
