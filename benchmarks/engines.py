"""The names, in the sample site's settings, of the two engines that are compared."""

DJANGO = "oracle"
OURS = "django"
