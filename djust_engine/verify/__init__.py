"""Verify mode: each outermost render is done by Django's engine as well, and compared.

    context ─snapshot→ copies       Template ─twins→ Django's template of the same source
    both ─observe→ Outcome          two outcomes ─compare→ same | Difference | unstable
    Difference ─trace→ the template, line and variable that it comes from ─report→ log | raise

Django renders first, with the context as it is, and what it made is what is served. Ours, and in
case of a difference Django a second time, render copies and leave no trace: queries are rolled
back, signals are not sent. What Django itself does not render alike twice is not compared.
"""

from .compare import Comparison, make_twin, verified
from .observe import DJANGO, current_side, is_unseen
from .report import Difference, VerificationError
from .twins import TwinEngine, twin_of

__all__ = [
    "DJANGO",
    "Comparison",
    "Difference",
    "TwinEngine",
    "VerificationError",
    "current_side",
    "is_unseen",
    "make_twin",
    "twin_of",
    "verified",
]
