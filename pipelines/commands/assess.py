"""`cci assess`: model cities of a month under an edition of the criteria, with reports."""

import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from pipelines.commands.options import EditionId, Period
from pipelines.commands.options import lang as lang_option
from pipelines.commands.printing import console, fail, table, warn
from templates.catalogue import LANGS, text

if TYPE_CHECKING:
    from pipelines.pages.assessed import Assessed
    from pipelines.workspace import Workspace


@click.command()
@click.option("--edition", "edition_id", type=EditionId(), required=True)
@click.option("--period", type=Period(), required=True)
@click.option(
    "--city",
    "cities",
    multiple=True,
    metavar="CODE",
    help="Show this city's gate and points, and make PDFs of such cities only.",
)
@click.option(
    "--observations",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Assess a file, as `cci score` takes it, instead of what was collected.",
)
@click.option(
    "--cohort",
    "size",
    type=click.IntRange(min=1),
    help="How many to recommend; default: as many as were named after the edition's year.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the reports; default: in the data folder.",
)
@lang_option
@click.pass_obj
def assess(
    workspace: "Workspace",
    edition_id: str,
    period: str,
    cities: tuple[str, ...],
    observations: Path | None,
    size: int | None,
    out: Path | None,
    lang: str,
) -> None:
    """Assess model cities: gate, points, recommended cohort, a report on each city 示范城市评估.

    Pages are written in both languages, PDFs in that of --lang.
    """
    from pipelines.scoring_files import Refused
    from pipelines.steps import assessing

    try:
        edition = assessing.criteria(edition_id, period)
        if observations is None:
            basis = assessing.of_installation(workspace, period)
        else:
            basis = assessing.of_file(edition, observations, period)
        assessment = assessing.assess(workspace, edition, basis, size)
        assessed = assessing.rows(assessment)
        _refuse_strangers(assessed, cities)
        target = out.absolute() if out else assessing.folder(workspace, assessment)
        problem = assessing.write_reports(
            assessment, target, pdf_lang=lang, pdf_codes=cities or None
        )
        if out is None and observations is None:
            assessing.write_tables(workspace, assessment)
            assessing.show_in_site(workspace, assessment)
    except Refused as refused:
        for line in refused.lines:
            click.echo(line, err=True)
        for each in LANGS:
            click.echo(text("cli.refused_count", each, count=len(refused.lines)), err=True)
        sys.exit(1)
    except (KeyError, ValueError, FileNotFoundError, FileExistsError) as error:
        fail(error)
    if problem:
        warn([text("assessment.cli_no_pdf", lang, why=problem)])
    _show_cohort(assessed, lang)
    for code in cities:
        _show_city(assessed, code, lang)
    click.echo(text("assessment.cli_reports", lang, path=target / lang / "index.html"))


def _refuse_strangers(assessed: "Assessed", codes: Collection[str]) -> None:
    for code in codes:
        if code not in assessed.cities:
            raise KeyError(
                f"{code} is not monitored in {assessed.period}; "
                f"`cci cities --period {assessed.period}` lists who is"
            )
        if code not in assessed.standing:
            raise KeyError(
                f"{code} takes no part under {assessed.edition.id} in {assessed.period}: it submitted "
                f"nothing that the criteria ask for and was awarded nothing; "
                f"{len(assessed.standing)} cities take part"
            )


def _show_cohort(assessed: "Assessed", lang: str) -> None:
    from pipelines.pages import cohort, standards

    report, screen = cohort.report(assessed, lang), console()
    if assessed.simulated:
        screen.print(text("cli.simulated", lang), style="yellow")
    if report.draft:
        screen.print(text("assessment.draft_note", lang), style="yellow")
    screen.print(Text(f"{report.edition} · {report.period}", style="bold"))
    counted = standards.gated("assessment.cli_counts", assessed.edition)
    screen.print(Text(text(counted, lang, **cohort.counts(assessed))))
    heads = ("ranking.rank", "ranking.city", "ranking.province", "assessment.class")
    numbers = ("ranking.total", "assessment.class_rank", "assessment.place")
    shown = table(
        [text(key, lang) for key in (*heads, *numbers)],
        [
            (
                line.rank, line.city.text, line.province, line.class_title,
                line.total, line.class_rank, line.place,
            )
            for line in report.recommended
        ],
        text("assessment.cohort", lang),
    )  # fmt: skip
    for column in (shown.columns[0], *shown.columns[len(heads) :]):
        column.justify = "right"
    screen.print(shown)


def _show_city(assessed: "Assessed", code: str, lang: str) -> None:
    from pipelines.pages import assessment

    report, screen = assessment.Reports(assessed, lang).report(code), console()
    verdict = report.verdict
    screen.print(Text(f"\n{report.city.text} {code}", style="bold"))
    screen.print(
        Text(
            " · ".join(
                (
                    f"{text('ranking.total', lang)} {verdict.total} / {verdict.possible}",
                    f"{text('assessment.rank', lang)} {verdict.rank} {verdict.of}",
                    f"{text('assessment.gate', lang)} {verdict.gate_words}",
                    verdict.recommended_words,
                )
            )
        )
    )
    if report.gate:
        gate = table(
            [text(f"assessment.{k}", lang) for k in ("condition", "standard", "number", "result")],
            [(row.name, row.standard, row.value, row.verdict_words) for row in report.gate],
            text("assessment.gate", lang),
        )
        for column in gate.columns[1:3]:
            column.justify = "right"
        screen.print(gate)
    keys = ("assessment.group", "scorecard.points", "cli.possible", "assessment.cohort_median")
    groups = table(
        [text(key, lang) for key in keys],
        [
            (row.name, row.won, row.possible, row.cohort[1])
            for row in (*report.groups, report.whole)
        ],
        text("assessment.groups", lang),
    )
    for column in groups.columns[1:]:
        column.justify = "right"
    screen.print(groups)
