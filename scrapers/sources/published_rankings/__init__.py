"""Published city credit rankings: the packaged lists, and a reader of pages that print such lists."""
