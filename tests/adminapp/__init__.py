"""Models and their admin, for the tests of the admin pages."""
