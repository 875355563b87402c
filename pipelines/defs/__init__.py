"""What Dagster finds by itself: assets in the order of the method, jobs, schedule."""
