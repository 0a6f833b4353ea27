"""The bar below a command's lines: on a terminal, and nowhere else."""

import io

from django.core.management.base import OutputWrapper

from djust_engine.management.progress import ProgressBar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def printed(stream):
    bar = ProgressBar(OutputWrapper(stream), 4)
    for page in ("a", "b", "c", "d"):
        bar.line(page)
    return stream.getvalue()


def test_a_file_gets_the_lines_alone():
    assert printed(io.StringIO()) == "a\nb\nc\nd\n"


def test_a_terminal_shows_how_far_it_is_and_ends_without_a_bar():
    shown = printed(Terminal())
    frames = [frame for frame in shown.split("\r\x1b[K") if frame]
    assert frames[0] == "a\n[" + "#" * 7 + " " * 23 + "] 25 %"
    assert frames[1] == "b\n[" + "#" * 15 + " " * 15 + "] 50 %"
    assert frames[-1] == "d\n"
