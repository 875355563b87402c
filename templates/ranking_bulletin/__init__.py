"""The monthly ranking as the magazine prints it."""
