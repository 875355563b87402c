"""The consultation paper of a city, after a quarter."""
