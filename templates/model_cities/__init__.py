"""The page `model_cities`."""
