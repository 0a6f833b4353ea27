"""The names, in the benchmarks' settings, of the engines that are compared."""

DJANGO = "oracle"
OURS = "django"
#: Ours with ``OPTIONS["jit"]`` off: it leaves every QuerySet to Django.
OFF = "off"
