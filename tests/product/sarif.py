"""`assert_sarif`: what SARIF 2.1.0 asks of the parts that `djust_check` writes.

After the schema of OASIS: required properties, no property that it does not have, enumerations, and
the rules of the text that a schema cannot say (section numbers in brackets).
"""

from typing import Any
from urllib.parse import urlsplit

LEVELS = {"none", "note", "warning", "error"}
DRIVER = {"name", "version", "rules"}
RULE = {"id", "shortDescription", "help", "defaultConfiguration"}
RESULT = {"ruleId", "ruleIndex", "level", "message", "locations"}


def assert_sarif(document: Any) -> None:
    assert document.keys() == {"$schema", "version", "runs"}
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-2.1.0.json")
    for run in document["runs"]:
        assert_run(run)


def assert_run(run: Any) -> None:
    assert run.keys() == {"tool", "columnKind", "originalUriBaseIds", "results"}
    assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
    for base in run["originalUriBaseIds"].values():
        # An absolute URI with a trailing slash (3.14.14).
        assert urlsplit(base["uri"]).scheme == "file"
        assert base["uri"].endswith("/")
    assert run["tool"].keys() == {"driver"}
    driver = run["tool"]["driver"]
    assert driver.keys() == DRIVER
    assert all(isinstance(driver[name], str) and driver[name] for name in DRIVER - {"rules"})
    for rule in driver["rules"]:
        assert_rule(rule)
    # Rules are unique (3.19.23).
    assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"])
    for result in run["results"]:
        assert_result(result, run)


def assert_rule(rule: Any) -> None:
    assert rule.keys() == RULE
    assert rule["id"]
    assert_message(rule["shortDescription"])
    assert_message(rule["help"])
    assert rule["defaultConfiguration"].keys() == {"level"}
    assert rule["defaultConfiguration"]["level"] in LEVELS


def assert_result(result: Any, run: Any) -> None:
    assert result.keys() == RESULT
    assert result["level"] in LEVELS
    assert_message(result["message"])
    # `ruleIndex` and `ruleId` mean one rule (3.27.6).
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    for location in result["locations"]:
        assert location.keys() == {"physicalLocation"}
        assert_place(location["physicalLocation"], run["originalUriBaseIds"])


def assert_place(place: Any, bases: Any) -> None:
    assert {"artifactLocation"} <= place.keys() <= {"artifactLocation", "region"}
    artifact = place["artifactLocation"]
    assert {"uri"} <= artifact.keys() <= {"uri", "uriBaseId"}
    parts = urlsplit(artifact["uri"])
    assert " " not in artifact["uri"]
    if "uriBaseId" in artifact:
        # Relative to a base that the run names (3.4.4).
        assert artifact["uriBaseId"] in bases
        assert not parts.scheme
        assert not parts.path.startswith("/")
    if "region" in place:
        assert place["region"].keys() == {"startLine"}
        assert place["region"]["startLine"] >= 1


def assert_message(message: Any) -> None:
    assert message.keys() == {"text"}
    assert isinstance(message["text"], str)
    assert message["text"]
