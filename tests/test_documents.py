"""What the documents promise is there."""

import hashlib
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from indicators.rules import RULES
from pipelines.cli import main

ROOT = Path(__file__).parents[1]
# SHA-256 of the originals: the copies are the specification and the facts, never altered.
ORIGINALS = {
    "spec/cci-2019.csv": "aca4b375c4fab6e70dba68dcfce75f4b9f06dc4b5cdd02dca5a298dd18ab8945",
    "spec/measures.csv": "38e34e812ecaccd05048f3adcea19bf38398fba85630593a32a94a3c0fad0bd4",
    "spec/model-city.csv": "f27d426bb5b7423a033ab67e91c7cd21471a816350fabd9b35b5b9b9c71e29f8",
    "facts/city_counts.csv": "9df4b5197f9e182cf9460c82a82fda8301e81f8a50fd0e0751c43bf1e55e394d",
    "facts/model_cities.csv": "9a6f6e50462cea1f1f02372ded1b6314dee585c1f79217d0a14f730fb637cfe8",
    "facts/published_rankings.csv": "7da12ee5a784d8fef5c28e3b229fb47d48893c84f5a6c0f24eaf08b174a8744e",
}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_its_line_in_the_methodology(rule: str) -> None:
    assert f"| `{rule}` |" in (ROOT / "METHODOLOGY.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", main.commands)
def test_every_command_is_in_the_readme_and_explains_itself(command: str) -> None:
    assert f"`cci {command}" in (ROOT / "README.md").read_text(encoding="utf-8")
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 3


@pytest.mark.parametrize(
    "package", ["scrapers", "warehouse", "indicators", "templates", "pipelines", "sandbox", "tests"]
)
def test_every_package_says_what_belongs_in_it(package: str) -> None:
    assert (ROOT / package / "README.md").read_text(encoding="utf-8").startswith(f"# {package}")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-spark.lock"])
def test_the_locks_have_hashes_and_no_addresses(name: str) -> None:
    lock = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    for block in re.split(r"\n(?=[a-z])", lock.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


@pytest.mark.parametrize("copy", ORIGINALS)
def test_copies_of_the_specification_and_the_facts_are_exact(copy: str) -> None:
    content = (ROOT / "tests" / "data" / copy).read_bytes()
    assert hashlib.sha256(content).hexdigest() == ORIGINALS[copy]
