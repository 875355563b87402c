"""The page `figure6`."""
