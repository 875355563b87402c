"""The stand-in web: what happened in the invented world, and the sites that tell of it."""
