"""The page `ranking`."""
