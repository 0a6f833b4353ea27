"""What of a project's templates is native: the logic of `manage.py djust_check`.

engines ─sources→ Source ─compile→ Result of Findings ─formats→ text | JSON | SARIF
"""

from .formats import FORMATS
from .results import Finding, Result, Status, Survey, survey
from .sources import Source, engines_of_ours, engines_to_survey, find_sources

__all__ = [
    "FORMATS",
    "Finding",
    "Result",
    "Source",
    "Status",
    "Survey",
    "engines_of_ours",
    "engines_to_survey",
    "find_sources",
    "survey",
]
