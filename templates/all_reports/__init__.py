"""The list of all bulletins and reports."""
