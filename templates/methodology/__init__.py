"""The page `methodology`."""
