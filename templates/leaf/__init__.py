"""The page `leaf`."""
