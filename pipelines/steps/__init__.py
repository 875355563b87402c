"""What the assets do, as plain functions over a workspace: collect, observe, score, publish."""
