"""The report on all cities that take part in an assessment."""
