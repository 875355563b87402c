"""Site after site: what was released stays where it was, and only what is new is rendered."""

import json
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipelines import assessments, pages, reported
from pipelines.pages.papers import PDFS
from pipelines.steps import facts, publishing
from pipelines.workspace import Workspace
from templates.catalogue import LANGS
from tests.templates import invented
from warehouse.publication import Publication

pytestmark = pytest.mark.month


def _report(workspace: Workspace) -> None:
    """A bulletin and an assessment of which only the frames are there."""
    bulletin = workspace.reports / "cci-2019" / "2019-06" / "r1" / "ranking"
    said: dict[str, Any] = {
        "kind": "ranking",
        "edition": "cci-2019",
        "period": "2019-06",
        "revision": 1,
    }
    _frame(bulletin, reported.MARK, {**said, "simulated": True})
    assessment = workspace.assessments / "model-2019" / "2019-06"
    said = {"edition": "model-2019", "period": "2019-06", "applicants": 3, "recommended": 1}
    also = {"draft": False, "simulated": True, "numbers_sha256": "0" * 64}
    _frame(assessment, assessments.MARK, said | also)
    (assessment / "data").mkdir()
    (assessment / "data" / "standing.csv").write_text("city_code\n", encoding="utf-8")


def _frame(folder: Path, mark: str, about: dict[str, Any]) -> None:
    for lang in LANGS:
        (folder / lang).mkdir(parents=True)
        (folder / lang / "index.html").write_text(f"<!--site-->{lang}", encoding="utf-8")
    (folder / mark).write_text(json.dumps(about), encoding="utf-8")
    (folder / PDFS).write_text("{}", encoding="utf-8")


Step = tuple[str, list[str], dict[str, bytes]]
"""What happened, what was rendered for it, and the whole site after it."""
STEPS: dict[str, tuple[Callable[[Workspace], object], list[str]]] = {
    "a month": (lambda w: invented.publish_invented(w.published, watched=False), ["2019-06/r1"]),
    "its second revision": (
        lambda w: invented.publish_invented(w.published, revision=2),
        ["2019-06/r2"],
    ),
    "another month": (
        lambda w: invented.publish_invented(w.published, period="2019-07", watched=False),
        ["2019-07/r1"],
    ),
    "a bulletin and an assessment": (_report, []),
}
"""What comes one after the other, and what has to be rendered for it."""


def _contents(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace(tmp_path_factory.mktemp("released"))
    spells = facts.write_registry(made)
    facts.write_published_rankings(made, spells)
    facts.write_model_cities(made, spells)
    return made


@pytest.fixture(scope="module")
def released(workspace: Workspace) -> list[Step]:
    """After each step: what was rendered, and the whole site."""
    rendered: list[str] = []
    render = pages.render_publication

    def noted(publication: Publication, out: Path) -> None:
        rendered.append(f"{publication.period}/r{publication.revision}")
        render(publication, out, workers=1)

    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "render_publication", noted)
        for name, (happen, _) in STEPS.items():
            happen(workspace)
            rendered.clear()
            site = publishing.release_site(workspace) / "site"
            found.append((name, [*rendered], _contents(site)))
    return found


def test_only_what_is_new_is_rendered(
    released: list[Step],
) -> None:
    assert [(name, rendered) for name, rendered, _ in released] == [
        (name, new) for name, (_, new) in STEPS.items()
    ]


def test_no_address_that_was_released_ever_vanishes(
    released: list[Step],
) -> None:
    for (_, _, before), (name, _, after) in pairwise(released):
        assert before.keys() < after.keys(), name


def test_what_stands_in_a_revision_never_changes(
    released: list[Step],
) -> None:
    for (_, _, before), (name, _, after) in pairwise(released):
        for address, content in before.items():
            if "/r1/" in address or "/r2/" in address:
                assert after[address] == content, f"{name}: {address}"


def test_a_site_made_step_by_step_is_that_made_at_once(
    workspace: Workspace,
    released: list[Step],
    tmp_path: Path,
) -> None:
    anew = Workspace(tmp_path)
    for folder in ("published", "tables", "assessments", "reports"):
        shutil.copytree(workspace.root / folder, anew.root / folder)
    at_once = _contents(publishing.release_site(anew) / "site")
    assert released[-1][2].keys() == at_once.keys()
    differing = [name for name, content in at_once.items() if released[-1][2][name] != content]
    assert differing == []


def test_a_release_of_nothing_new_is_the_one_that_stands(
    workspace: Workspace, released: list[Step]
) -> None:
    assert released
    stands = workspace.public.resolve()
    assert publishing.release_site(workspace) == stands
