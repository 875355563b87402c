"""What the documents promise is there."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from indicators.rules import RULES
from pipelines.cli import main

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
COPIES = {
    "spec": ("cci-2019.csv", "measures.csv", "model-city.csv"),
    "facts": ("city_counts.csv", "model_cities.csv", "published_rankings.csv"),
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


def test_the_lock_has_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    for block in re.split(r"\n(?=[a-z])", lock.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


@pytest.mark.parametrize("copy", [f"{folder}/{n}" for folder in COPIES for n in COPIES[folder]])
def test_copies_of_the_specification_are_exact(copy: str) -> None:
    """Where the originals lie beside the project they must be the same; elsewhere, be there at all."""
    ours = ROOT / "tests" / "data" / copy
    original = SHARED / copy
    assert ours.read_bytes() == (original if original.exists() else ours).read_bytes()
