"""The page `beside`."""
