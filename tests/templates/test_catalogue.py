"""The text catalogue: both languages, the same parameters, no key twice."""

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from indicators import measures, providers, rules
from scrapers.declaration import Format, sources
from scrapers.record_kinds import RECORD_KINDS
from templates import catalogue, environment
from warehouse.contracts.scores import REASONS

FOLDER = Path(environment.__file__).parent


def _parameters(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def test_every_text_has_the_same_parameters_in_both_languages() -> None:
    for key, entry in catalogue.entries().items():
        assert _parameters(entry["zh"]) == _parameters(entry["en"]), key


def test_a_missing_text_names_its_key() -> None:
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        catalogue.text("no.such.key", "zh")


def test_a_key_that_stands_twice_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text('x.y = { zh = "是", en = "yes" }\n', encoding="utf-8")
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    catalogue.entries.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"x\.y"):
            catalogue.entries()
    finally:
        catalogue.entries.cache_clear()


def test_every_key_that_a_template_names_is_in_the_catalogue() -> None:
    for path in FOLDER.glob("**/*.j2"):
        for key in re.findall(r"\bt\('([^']+)'[,)]", path.read_text(encoding="utf-8")):
            assert catalogue.has(key), f"{path.name} names {key}"


def test_everything_that_tables_name_has_words() -> None:
    units = {measure.unit for measure in measures.catalogue().values()}
    wanted = {f"unit.{unit}" for unit in units}
    wanted |= {f"source.{source}" for source in measures.SOURCES}
    wanted |= {f"rule_name.{rule}" for rule in rules.RULES}
    wanted |= {f"measure_kind.{kind}" for kind in measures.KINDS}
    wanted |= {f"reason.{reason.replace(' ', '_')}" for reason in REASONS if reason}
    wanted |= {f"why.{why}" for why in providers.WHY if why}
    wanted |= {f"source.{source.kind}" for source in sources().values()}
    wanted |= {f"format.{name}" for name in get_args(Format)}
    wanted |= {f"record_kind.{kind}" for kind in RECORD_KINDS}
    assert not {key for key in wanted if not catalogue.has(key)}
