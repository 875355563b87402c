"""Indexes of cities by the accredited credit service providers."""
