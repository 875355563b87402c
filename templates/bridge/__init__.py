"""The page `bridge`."""
