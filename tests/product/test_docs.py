"""What the documentation lists is what there is."""

import re
from pathlib import Path

from django.core.management import load_command_class

from djust_engine import conf

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "docs/settings.md").read_text()
COMMANDS = (ROOT / "docs/commands.md").read_text()


def rows(text):
    """First cell and second cell of each row of a table."""
    return dict(re.findall(r"^\| `([^`]+)` \| (.*?) \|", text, re.MULTILINE))


def test_each_key_of_the_setting_is_there_with_its_default():
    listed = rows(SETTINGS)
    defaults = {key: f"`{value!r}`".replace("'", '"') for key, value in conf.DEFAULTS.items()}
    assert {key: listed.get(key) for key in defaults} == defaults


def test_each_system_check_is_there():
    sources = (ROOT / "djust_engine").glob("*.py")
    numbers = {
        number for path in sources for number in re.findall(r"\b[EIW]\d{3}\b", path.read_text())
    }
    listed = {
        name.rpartition(".")[2] for name in rows(SETTINGS) if name.startswith("djust_engine.")
    }
    assert listed == numbers


def test_each_argument_of_the_command_is_there():
    parser = load_command_class("djust_engine", "djust_check").create_parser("", "djust_check")
    arguments = {
        action.option_strings[-1] if action.option_strings else "template …"
        for action in parser._actions
    }
    ours = arguments & {"template …", "--format", "--output", "--engine", "--fail-on"}
    assert len(ours) == 5
    assert {name.split()[0] for name in rows(COMMANDS)} >= {name.split()[0] for name in ours}
