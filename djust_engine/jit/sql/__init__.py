"""SQL that is kept by the structure of a query, and what is made of its rows.

cursors     a statement to its rows
structure   a query to a key and its parameters
statements  text that Django compiled twice for a key, and how it is run
makers      functions that make instances of rows
instances   model instances of a QuerySet
single      the object behind a relation, by its key
asked       `count` and `exists` that a template asks for by name
"""
