"""An invented publication, small or whole, for tests of pages and for looking at them."""

import random
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import polars as pl

from indicators import edition as editions
from indicators.edition import Edition
from indicators.measures import catalogue
from indicators.movement import index_units
from indicators.peers import peers
from indicators.score import score
from indicators.warnings import warnings
from pipelines.steps import facts
from scrapers.record_kinds import RECORD_KINDS
from scrapers.sources.provider.providers import providers
from tests.templates import found
from warehouse.contracts.landing import Refusals
from warehouse.contracts.movement import Movement
from warehouse.contracts.observations import Contributions
from warehouse.contracts.published import ModelCities, PublishedRankings
from warehouse.publication import Publication, numbers_digest, publish

HOSTILE = "<script>alert(1)</script>"
FORMULA = "=cmd|' /C calc'!A0.csv"
SILENT = "code_centre"
SOURCE_IDS = {"registry": "population"}
EVIDENCE = (None, "京信用〔2019〕12号", "https://credit.example/notice/12")
PROBLEMS = {
    SILENT: "host_down\t\tsandbox:/code_centre could not be reached; run the month again",
    "provider": "timed_out\tgui\tsandbox:/provider/gui did not answer in time\n"
    f"answer_unexpected\twu\t{HOSTILE}",
}
CITIES: Sequence[tuple[str, str, str, str, str, str, str]] = (
    ("110000", "北京市", "Beijing", "北京市", "Beijing", "provincial", "East"),
    ("320100", "南京市", "Nanjing", "江苏省", "Jiangsu", "provincial", "East"),
    ("330100", "杭州市", "Hangzhou", "浙江省", "Zhejiang", "provincial", "East"),
    ("510100", "成都市", "Chengdu", "四川省", "Sichuan", "provincial", "West"),
    ("320500", "苏州市", "Suzhou", "江苏省", "Jiangsu", "prefecture", "East"),
    ("330300", "温州市", "Wenzhou", "浙江省", "Zhejiang", "prefecture", "East"),
    ("371000", "威海市", "Weihai", "山东省", "Shandong", "prefecture", "East"),
    ("421000", "荆州市", "Jingzhou", "湖北省", "Hubei", "prefecture", "Central"),
    ("330782", "义乌市", "Yiwu", "浙江省", "Zhejiang", "county", "East"),
    ("371082", "荣成市", "Rongcheng", "山东省", "Shandong", "county", "East"),
    ("411282", "灵宝市", "Lingbao", "河南省", "Henan", "county", "Central"),
    ("230183", "尚志市", HOSTILE, "黑龙江省", "Heilongjiang", "county", "Northeast"),
)
COLUMNS = ("city_code", "name", "name_en", "province", "province_en", "city_class", "region")


def cities() -> pl.DataFrame:
    """Twelve cities, four of each class; the English name of the last is hostile."""
    return pl.DataFrame(CITIES, schema=COLUMNS, orient="row")


def publish_invented(
    root: Path,
    *,
    edition_id: str = "cci-2019",
    period: str = "2019-06",
    revision: int = 1,
    of: pl.DataFrame | None = None,
    file: str = FORMULA,
    watched: bool = True,
) -> Publication:
    """Publish a month of invented observations; the same arguments give the same numbers.

    Where sites were `watched`, there are events, pages and sites too.
    """
    edition = editions.load(edition_id)
    of = cities() if of is None else of
    dice = random.Random(f"{period}-{revision}")
    sizes = random.Random(f"size-{period}-{revision}")
    if "province_code" not in of.columns:
        of = of.with_columns(province_code=pl.col("city_code").str.head(2) + "0000")
    observations = pl.DataFrame(
        [
            _observation(dice, code, measure, file)
            for code in of["city_code"]
            for measure in edition.measures
            # Something is missing everywhere, and one source reports nothing at all.
            if dice.random() > 0.04 and SILENT not in catalogue()[measure].sources
        ]
        + [_observation(sizes, code, "gdp", file) for code in of["city_code"]],
        schema_overrides={"evidence": pl.String, "other_source": pl.String},
        infer_schema_length=None,
    ).select(pl.lit(period).alias("period"), pl.all())
    monthly = of.select(pl.lit(period).alias("period"), "city_code", "city_class")
    scores = score(edition, observations, monthly)
    ranking = _ranking(scores.index, of, dice)
    first = int(period[:4]) * 12 + int(period[5:]) - 1
    history = pl.concat(
        ranking.select(
            period=pl.lit(f"{at // 12}-{at % 12 + 1:02d}"),
            city_code="city_code",
            index=pl.col("index") - 0.4 * (first - at) + dice.random(),
            rank="rank",
        )
        for at in range(first - 12, first + 1)
        if at != first - 5
    )
    monitored = found.frames(period, of["city_code"].to_list()) if watched else {}
    receipts = _receipts(period, revision, of, file)
    refusals = _refusals(period, 25 if revision > 1 else 3, file)
    code = of["city_code"][0]
    changes = pl.DataFrame(
        [
            (code, "observation", "listed_entities", 120.0, 140.0, "ncisp", file),
            (code, "leaf", "listed_entity_share", 2.5, 2.25, "", ""),
            (code, "index", "", 71.5, 71.25, "", ""),
            (code, "rank", "", 2.0, 3.0, "", ""),
        ][: 4 if revision > 1 else 0],
        schema={
            "city_code": pl.String, "kind": pl.String, "item": pl.String, "before": pl.Float64,
            "after": pl.Float64, "source": pl.String, "name": pl.String,
        },
        orient="row",
    )  # fmt: skip
    frames = {
        "cities": of.with_columns(
            *(pl.lit("").alias(n) for n in ("pinyin",) if n not in of.columns),
            *(
                pl.lit(None, pl.String).alias(n)
                for n in ("parent_code", "valid_from", "valid_to")
                if n not in of.columns
            ),
            period=pl.lit(period),
        ),
        "observations": observations,
        "leaves": scores.leaves,
        "classes": scores.classes,
        "nodes": scores.nodes,
        "index": scores.index,
        "ranking": ranking,
        "history": history,
        "receipts": receipts,
        "refusals": refusals,
        "quality": _quality(period, observations, receipts),
        "contributions": _contributions(dice, period, observations, file),
        "changes": changes,
        **monitored,
    }
    frames["warnings"] = warnings(edition, period, frames)
    frames["peers"] = peers(frames["cities"], observations)
    frames["published_ranks"] = _published_ranks(period, of)
    frames["movement"] = _movement(edition, scores.index, history)
    manifest = {
        "edition": edition_id,
        "edition_sha256": edition.digest,
        "edition_revision": edition.revision,
        "period": period,
        "revision": revision,
        "simulated": True,
        "code": f"0.1.{revision}",
        "inputs": receipts.select(
            "source_id", "name", "sha256", "delivered_at", "late", "taken", "refused"
        ).to_dicts(),
        "rows": {name: len(frame) for name, frame in frames.items()},
        "numbers_sha256": numbers_digest(frames),
        "coverage": dict(
            scores.index.group_by("city_class")
            .agg(pl.col("coverage").mean())
            .sort("city_class")
            .rows()
        ),
    }
    return publish(root, manifest, frames, editions.FOLDER / f"{edition_id}.toml")


def _published_ranks(period: str, of: pl.DataFrame) -> pl.DataFrame:
    """Ranks of all cities but the last in an issue of the tests' facts."""
    return of.head(-1).select(
        "city_code",
        "city_class",
        period=pl.lit(period),
        issue=pl.lit("2018-04"),
        month=pl.lit("2018-04"),
        rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
        score=pl.lit("86.708"),
    )


def _movement(edition: Edition, index: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """What changed the indexes since the month before and a year before: a tenth is the class's."""
    months = sorted(set(history["period"]))
    leaves = [leaf.id for leaf in edition.leaves[:9]]
    rows = []
    for since in (months[-2], months[0]):
        before = history.filter(period=since).select("city_code", was="index")
        both = index.join(before, on="city_code").select(
            "edition",
            "period",
            "city_code",
            change=index_units(pl.col("index")) - index_units(pl.col("was")),
        )
        for edition_id, period, code, change in both.iter_rows():
            parts = [(leaf, cause, change // (10 + place) - place * 10**10) for place, leaf in
                     enumerate(leaves) for cause in ("own", "class")]  # fmt: skip
            left = change - sum(units for _, _, units in parts)
            rows += [
                (period, edition_id, code, since, *part)
                for part in (*parts, ("", "assessed", left - 3), ("", "rounding", 3))
            ]
    return pl.DataFrame(rows, Movement.create_empty().schema, orient="row")


def _observation(dice: random.Random, code: str, measure: str, file: str) -> dict[str, object]:
    known = catalogue()[measure]
    chance = dice.random()
    if known.unit == "0 or 1":
        value = float(chance < 0.8)
    elif known.unit == "share":
        value = 0.5 + chance / 2
    elif measure == "population":
        value = float(int(200_000 + chance * 9_000_000))
    elif measure == "gdp":
        value = float(int(800_000 + chance * 90_000_000))
    elif measure in ("legal_entities", "platform_records", "codes"):
        value = float(int(20_000 + chance * 300_000))
    else:
        value = float(int(chance * 60))
    second = known.sources[1] if len(known.sources) > 1 else None
    source = known.sources[0]
    made_of = {"row": 2 + int(chance * 1000), "place": "", "records": 1, "left_out": 0}
    if source == "city":
        made_of["place"] = f"填报!F{6 + int(chance * 90)}"
    elif source == "ncisp":
        made_of |= {"row": None, "records": int(value)}
    elif known.parts:
        of_parts = len(_parts(known.parts))
        made_of |= {"row": None, "records": of_parts, "left_out": int(known.parts == "providers")}
    return {
        "city_code": code,
        "measure": measure,
        "awarded_under": "",
        "value": value,
        "source": source,
        "source_id": SOURCE_IDS.get(source, source),
        "other_source": second,
        "other_value": value * 1.5 if second else None,
        "discrepancy": second is not None and value > 0,
        "sha256": None if known.parts else "0123456789abcdef" * 4,
        "name": None if known.parts else file,
        **made_of,
        "evidence": EVIDENCE[int(chance * 100) % 3] if source == "city" else None,
        "delivered_at": "2019-07-05T09:00:00+08:00",
        "corrected": chance < 0.03,
        "late": chance > 0.96,
        "simulated": True,
    }


def _parts(how: str) -> list[str]:
    """Voices of a source: providers, or days of probes."""
    return [*providers()] if how == "providers" else [f"2019-06-{day:02d}" for day in range(1, 31)]


def _contributions(
    dice: random.Random, period: str, observations: pl.DataFrame, file: str
) -> pl.DataFrame:
    """What the voices said behind values made of several; the first provider is an outlier."""
    rows = []
    for code, measure, source, value in observations.select(
        "city_code", "measure", "source", "value"
    ).iter_rows():
        how = catalogue()[measure].parts
        for at, part in enumerate(_parts(how) if how else []):
            judged = how == "providers"
            said = value + dice.gauss(0, 2) if judged else float(dice.random() < value)
            rows.append(
                {
                    "period": period,
                    "city_code": code,
                    "measure": measure,
                    "part": part,
                    "value": max(0.0, said),
                    "counted": not judged or at > 0,
                    "why": "outlier" if judged and at == 0 else "",
                    "source_id": source,
                    "sha256": "0123456789abcdef" * 4,
                    "name": file,
                    "row": 2 + at,
                    "delivered_at": "2019-07-05T09:00:00+08:00",
                    "simulated": True,
                }
            )
    return pl.DataFrame(rows, schema=Contributions.create_empty().schema)


def _receipts(period: str, revision: int, of: pl.DataFrame, file: str) -> pl.DataFrame:
    """A workbook a city, an extract a province and kind of record, a file of every other source."""
    provinces = of["province_code"].unique().sort().to_list()
    senders: dict[str, list[str]] = {
        "city": of["city_code"].to_list(),
        "ncisp": [p for p in provinces for k in RECORD_KINDS.values() if k.source_id == "ncisp"],
        "provider": [*providers()],
        "province": provinces,
        **{source: [""] for source in ("ndrc", "monitoring", "population")},
    }
    rows = []
    for source, names in senders.items():
        for at, sender in enumerate(names):
            late = source == "city" and at % 7 == 3
            rows.append(
                {
                    "source_id": source,
                    "period": period,
                    "sha256": sha256(f"{source}{at}{revision}".encode()).hexdigest(),
                    "name": file,
                    "sender": sender,
                    "address": "sandbox:/",
                    "delivered_at": f"2019-07-{12 if late else 5:02d}T09:{at % 60:02d}:00+08:00",
                    "late": late,
                    "duplicate": source == "ncisp" and at == 1,
                    "size": 20_000 + 137 * at,
                    "taken": 1000 + at,
                    "refused": int(source == "city" and at == 2),
                    "persons": 3 * int(source == "ncisp"),
                    "simulated": True,
                }
            )
    return pl.DataFrame(rows)


def _quality(period: str, observations: pl.DataFrame, receipts: pl.DataFrame) -> pl.DataFrame:
    """A row a source; one brought nothing and failed, one had a host that was down."""
    rows = []
    for source in sorted({*receipts["source_id"], SILENT}):
        files = receipts.filter(pl.col("source_id") == source)
        values = observations.filter(pl.col("source_id") == source)
        rows.append(
            {
                "source_id": source,
                "period": period,
                "expected_cities": 10,
                "expected_records": 10,
                "files": len(files),
                "late_files": files["late"].sum(),
                "duplicate_files": files["duplicate"].sum(),
                "refused_files": int(source == "population"),
                "cities": values["city_code"].n_unique(),
                "records": len(values),
                "corrected": values["corrected"].sum(),
                "refused": files["refused"].sum(),
                "persons": files["persons"].sum(),
                "short": source == SILENT,
                "problems": PROBLEMS.get(source, ""),
                "simulated": True,
            }
        )
    return pl.DataFrame(rows)


def _ranking(index: pl.DataFrame, of: pl.DataFrame, dice: random.Random) -> pl.DataFrame:
    names = of.select(column for column in COLUMNS if column != "city_class")
    ranked = index.filter(pl.col("rank").is_not_null()).join(names, on="city_code")
    moves = [dice.choice((-2, -1, 0, 0, 1, 3)) for _ in range(len(ranked))]
    return ranked.with_columns(
        index_printed=pl.Series([f"{value:.2f}" for value in ranked["index"]]),
        rank_before=pl.Series(
            [
                None if at == 1 else max(1, r + m)
                for at, (r, m) in enumerate(zip(ranked["rank"], moves, strict=True))
            ]
        ),
        index_before=pl.Series(
            [
                None if at == 1 else value - dice.gauss(0, 0.6)
                for at, value in enumerate(ranked["index"])
            ]
        ),
        simulated=pl.lit(True),
    ).sort("city_class", "rank", "city_code")


def published_rankings(published: Path) -> pl.DataFrame:
    """Published rankings in the form of their contract, from the facts of the tests."""
    raw = pl.read_csv(published / "published_rankings.csv", infer_schema=False)
    rows = raw.select(
        "issue",
        window="period_label",
        month=pl.lit("2018-04"),
        city_class="city_class",
        rank=pl.col("rank").cast(pl.Int64),
        city="city",
        province="province",
        score="score",
        citation="source_url",
        sha256=pl.lit("0" * 64),
        row=pl.int_range(2, pl.len() + 2, dtype=pl.Int64),
    )
    registry = facts.registry()
    return facts.completed(rows, "published_rankings", registry, lambda row: row["month"]).select(
        PublishedRankings.column_names()
    )


def model_cities(published: Path) -> pl.DataFrame:
    """Model cities in the form of their contract, from the facts of the tests."""
    # One citation holds a comma without quotes.
    lines = (published / "model_cities.csv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    raw = pl.DataFrame([line.split(",", len(names) - 1) for line in lines[1:]], names, orient="row")
    rows = raw.select(
        cohort="cohort_year",
        city="city",
        province="province",
        citation="source_url",
        sha256=pl.lit("0" * 64),
        row=pl.int_range(2, pl.len() + 2, dtype=pl.Int64),
    )
    registry = facts.registry()
    return facts.completed(rows, "model_cities", registry, lambda _: "2018-04").select(
        ModelCities.column_names()
    )


def _refusals(period: str, number: int, file: str) -> pl.DataFrame:
    """Refused rows: one a whole file, one with what it held withheld, the rest alike."""
    first = [
        (0, "", "empty", "", "a header and rows"),
        (2, "city_code", "city_malformed", "(18)", "six digits"),
    ]
    rest = [(row, "value", "not_a_number", HOSTILE, "a number") for row in range(3, number + 1)]
    return pl.DataFrame(
        [("population", period, "0" * 64, file, *row) for row in (first + rest)[:number]],
        {name: pl.Int64 if name == "row" else pl.String for name in Refusals.column_names()},
        orient="row",
    )


def assemble(out: Path, site: Path, publication: Publication) -> None:
    """Put the pages of a publication to their place in the site, as publishing does."""
    place = f"{publication.edition}/{publication.period}/r{publication.revision}"
    for source, target in (
        (out / "zh", site / place),
        (out / "en", site / "en" / place),
        (out / "data", site / place / "data"),
    ):
        for path in sorted(source.rglob("*")):
            if path.is_file():
                copy = target / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.hardlink_to(path)
