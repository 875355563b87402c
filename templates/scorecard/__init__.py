"""The page `scorecard`."""
