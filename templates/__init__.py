"""Pages: one folder each, with a typed context and a template. No frames, no SQL, no arithmetic."""
