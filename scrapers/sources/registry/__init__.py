"""The registry of Chinese cities, versioned in time."""
