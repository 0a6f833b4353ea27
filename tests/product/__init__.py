"""Form renderers, verify mode and `djust_check`."""
