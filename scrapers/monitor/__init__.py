"""From pages to a ledger of credit events: what a page says, its kind, its city, its occurrence."""
