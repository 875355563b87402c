"""What every table holds: one dataframely class a table."""
