"""The Django admin, in a project whose only engine is ours."""
