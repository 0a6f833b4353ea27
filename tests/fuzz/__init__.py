"""Random templates over random contexts, rendered by both engines; a failure prints its seed."""
