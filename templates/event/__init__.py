"""The page `event`."""
