"""The assessment report of one city."""
