"""The sample site under load: real servers, a real load generator, PostgreSQL and Redis."""
