"""Where plans and serializers are kept: ``cache.py`` one stage on is the cache that uses all this.

``memory`` is of this process. ``stores`` are outside it (``files``, ``servers``, ``aliases``), and
``bundles`` are read-only; ``guarded`` sees to it that none of them holds a page up. What comes from
them is ``entries``, of ``stamps`` that must match, and ``plans`` checks each name in them.
"""
