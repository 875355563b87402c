"""From pages to a ledger of credit events: what a page says, what kind it is, which city, which occurrence."""
