"""Wires the other packages together: assets, checks, schedule and the `cci` command."""
