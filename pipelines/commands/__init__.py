"""Groups of commands of `cci`, one module each."""
