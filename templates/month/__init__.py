"""The page `month`."""
