"""The seam with Django: loaders, nodelists, signals, third-party tags, debug pages."""
