"""Rankings as pages print them: which city of the registry each row means."""

import polars as pl

from indicators.registry import cities_of, resolve
from indicators.screen import FIRST_PERIOD
from scrapers.sources.published_rankings.lists import Note, Place
from scrapers.sources.published_rankings.names import MUNICIPALITY, province_of

COLUMNS = ["city_class", "rank", "city_code", "city", "province", "index"]


def coded(rows: pl.DataFrame, month: str, spells: pl.DataFrame) -> tuple[pl.DataFrame, list[Note]]:
    """Printed rows with the codes of their cities; a class that is not stated is that of the city.

    Args:
        rows: rows with the columns `PRINTED` of the reader, and others, which stay.
        month: whose cities are meant, `YYYY-MM`; where it is empty a name is that of all months if it
            has had but one code.
        spells: the registry.

    Returns:
        The rows with `city_code`, empty where the name means no city or more than one; and notes on
        those rows, and on rows whose city is of another class than stated.
    """
    cities = cities_of(spells, month) if month else _of_all_months(spells)
    classes = dict(cities.select("city_code", "city_class").iter_rows())
    codes: list[str] = []
    notes: list[Note] = []
    for row in rows.iter_rows(named=True):
        place = Place(row["part"], row["row"])
        province = province_of(row["province"]) or row["province"]
        known = None if province in ("", MUNICIPALITY) else province
        code = resolve(cities, row["city"], known) or ""
        codes.append(code)
        if not code:
            notes.append(Note("city_unresolved", place, row["city"]))
        elif row["city_class"] not in ("", classes[code]):
            notes.append(Note("class_differs", place, row["city"]))
    stated = pl.col("city_class").replace("", None)
    found = rows.with_columns(city_code=pl.Series(codes, dtype=pl.String))
    of_city = pl.col("city_code").replace_strict(classes, default="", return_dtype=pl.String)
    return found.with_columns(city_class=pl.coalesce(stated, of_city)), notes


def _of_all_months(spells: pl.DataFrame) -> pl.DataFrame:
    """Every city since cities are ranked, under each of its names, of the class that it had last."""
    monitored = spells.filter((pl.col("valid_to") >= FIRST_PERIOD).fill_null(True))
    return monitored.sort("valid_from", nulls_last=False).unique(
        ["city_code", "name", "province"], keep="last", maintain_order=True
    )
