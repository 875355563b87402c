"""The page `editions`."""
