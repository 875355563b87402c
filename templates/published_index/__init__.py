"""The page `published_index`."""
