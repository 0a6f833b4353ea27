"""Instances that were handed out together: a relation that one is asked for is fetched for all.

links    how a relation is read for many instances at once
tracked  QuerySets whose objects become peers when somebody evaluates them
writes   tells circles that something was written
circles  the instances, and what was fetched for them
learned  relations that are joined from then on
handed   what a render hands to code below the template
"""
