"""The page `sites`."""
