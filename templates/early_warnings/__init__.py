"""The page `early_warnings`."""
