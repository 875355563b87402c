"""A stand-in for the outside world: one invented country of data."""
