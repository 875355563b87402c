"""The list of the reports of single cities."""
