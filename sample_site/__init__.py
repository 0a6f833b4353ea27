"""A rental agency's site: the demonstration and the smoke test of djust_engine."""
