"""The monthly bulletin of a city, two pages."""
