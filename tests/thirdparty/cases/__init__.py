"""One module a package: `CASES` maps a title to (template, function of a request to a context)."""
