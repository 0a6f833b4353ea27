"""The sample site, run as its users run it: in processes of its own, with its own settings."""
