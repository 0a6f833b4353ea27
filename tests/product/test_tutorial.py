"""The tutorial, followed in a directory of its own: its files, its commands and their output."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(
    r"^`(?P<file>[\w./]+)`(?P<more>, at the end)?:\n\n```\w+\n(?P<text>.*?)^```$"
    r"|^```console\n(?P<console>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


def steps():
    """(file, text, whether it is appended) or (command, the lines that it prints), in order."""
    for found in BLOCK.finditer(TUTORIAL.read_text(encoding="utf-8")):
        if found["file"]:
            yield "write", found["file"], found["text"], bool(found["more"])
        else:
            for command in re.split(r"^\$ ", found["console"], flags=re.MULTILINE)[1:]:
                line, _, output = command.partition("\n")
                yield "run", line, output.splitlines(), False


def run(command, directory):
    """The command's output; ``pip install`` is what made this environment."""
    words = shlex.split(command)
    if words[:2] == ["pip", "install"]:
        return ""
    program = {"python": [], "django-admin": ["-m", "django"]}[words[0]]
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-W", "error", *program, *words[1:]],
        cwd=directory,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def follow(directory):
    for kind, subject, text, appended in steps():
        if kind == "write":
            path = directory / subject
            path.parent.mkdir(parents=True, exist_ok=True)
            before = path.read_text() + "\n" if appended else ""
            path.write_text(before + text)
        else:
            yield subject, text, run(subject, directory)


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    return list(follow(tmp_path_factory.mktemp("shop")))


def test_every_command_prints_what_the_tutorial_says(followed):
    for command, told, printed in followed:
        place = 0
        for line in (one for one in told if one.strip() != "…"):
            found = printed.find(line, place)
            assert found >= 0, f"$ {command}\n{line!r} is not in\n{printed}"
            place = found + len(line)


def test_the_switch_costs_no_byte_and_saves_the_queries(followed):
    counts = [
        re.search(r"(\d+) bytes, (\d+) queries", printed).groups()
        for command, _, printed in followed
        if "count.py" in command
    ]
    (bytes_before, before), (bytes_after, after), *_ = counts
    assert bytes_before == bytes_after
    assert (before, after) == ("101", "1")
