"""One reader for each format that sources deliver in: bytes in, a `Reading` out."""
