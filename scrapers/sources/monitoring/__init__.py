"""The monitoring body: probes of cities' sites; its other measures come as measure files."""
