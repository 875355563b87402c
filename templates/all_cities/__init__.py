"""The page `all_cities`."""
