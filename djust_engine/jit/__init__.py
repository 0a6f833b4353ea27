"""From what a template reads of a QuerySet to the rows or instances that the renderer reads.

usage      what is read of a variable, from the Rust analysis
optimizer  usage and ``_meta`` to a plan: rows, instances or untouched
plan       the decision as data
codegen    plan to functions: shapes, makers, serializers
cache      plans by key, in memory and in an optional shared store
fetch      first touch of a site: run the plan
"""
