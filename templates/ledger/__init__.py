"""The page `ledger`."""
