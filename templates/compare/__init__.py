"""The page `compare`."""
