"""From what a template reads of a QuerySet to the rows or instances that the renderer reads.

usage      what is read of a variable, from the Rust analysis
stock      what of a model is Django's own; bytecode, coded: what its code reads
optimizer  usage and ``_meta`` to a plan: rows, instances or untouched
plan       the decision as data
codegen    plan to functions: shapes, makers; writer, dicts: serializers
cache      plans by key, in memory and in an optional shared store
sql        SQL that is kept, and what is made of its rows
peers      relations that code below the template reads, fetched for all
batch      relations that the template reads, fetched for all
sites      places in templates; beside: instances that somebody has already
fetch      first touch of a site: run the plan
serialize  the same for data without a template
"""
