"""One folder a source: what it declares and, where no generic reader does, its own."""
