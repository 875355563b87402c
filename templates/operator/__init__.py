"""The page `operator`."""
