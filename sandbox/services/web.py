"""Web sites of the invented country: each city's two sites, and a magazine that prints a ranking.

What the sites answer on the country's day is what the probe log of that day says of them.
"""

import json
from collections.abc import Callable
from functools import cache, lru_cache
from html import escape

import polars as pl
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox import chance
from sandbox.services.monitoring import probe_logs

Say = Callable[[str], tuple[pl.DataFrame, pl.DataFrame]]
_SITES = {"credit": "credit_website", "service": "service_platform"}
_TITLES = {"credit": "信用网站", "service": "政务服务平台"}
_CLASSES = {"provincial": "省会及副省级以上城市", "prefecture": "地级市", "county": "县级市"}
_BEST, _WORST = 9000, 6000
"""Hundredths of a point, between which the magazine's indexes are."""
_ROBOTS = "User-agent: *\nDisallow:\n"


def routes(say: Say, seed: int, day: str) -> list[Route]:
    """`/web/{city_code}/credit/`, `/web/{city_code}/service/`, `/magazine/{period}.html`, `/robots.txt`.

    A site answers with 200 or 503, or 404 where nothing is said of it. The magazine's ranking has
    nothing to do with what is true: it is there to be read.

    Args:
        say: for a month, what is said of sites (city_code, measure, value) and its cities (city_code,
            name, province, city_class); KeyError where the month is not to be had.
        seed: which country it is.
        day: the day that it is in the country, `YYYY-MM-DD`, in a month that is to be had.
    """

    @cache
    def answering() -> dict[tuple[str, str], bool]:
        return answered_on(day, *say(day[:7]), seed)

    @lru_cache(maxsize=4)
    def printed(period: str) -> str:
        return ranking_page(period, say(period)[1], seed)

    def site(request: Request) -> Response:
        code, name = request.path_params["city_code"], request.path_params["site"]
        up = answering().get((code, _SITES.get(name, "")))
        if up is None:
            return _page("没有这个网站", 404)
        return _page(_TITLES[name], 200) if up else _page("暂时不能访问", 503)

    def magazine(request: Request) -> Response:
        try:
            return HTMLResponse(printed(request.path_params["period"]))
        except KeyError:
            return _page("没有这一期", 404)

    def robots(_: Request) -> Response:
        return PlainTextResponse(_ROBOTS)

    return [
        Route("/robots.txt", robots),
        Route("/web/{city_code}/{site}/", site),
        Route("/magazine/{period}.html", magazine),
    ]


def answered_on(
    day: str, said: pl.DataFrame, cities: pl.DataFrame, seed: int
) -> dict[tuple[str, str], bool]:
    """By city and site, whether it answered on a day, as the probe log of that day has it."""
    logs = {log.name: log for log in probe_logs(day[:7], said, cities, seed)}
    log = logs.get(f"probes-{day}.jsonl")
    probes = map(json.loads, log.content().splitlines() if log else ())
    return {(probe["city_code"], probe["site"]): probe["answered"] == 1 for probe in probes}


def ranking_page(period: str, cities: pl.DataFrame, seed: int) -> str:
    """A page with a ranking of each class of city, drawn by chance, as magazines print them."""
    year, month = map(int, period.split("-"))
    title = f"{year}年{month}月城市信用监测排名（模拟）"
    tables = "".join(
        _table(heading, cities.filter(pl.col("city_class") == city_class), period, seed)
        for city_class, heading in _CLASSES.items()
    )
    return f"""<!DOCTYPE html>
<html lang="zh"><head><meta charset="utf-8"><title>{title}</title></head><body><h1>{title}</h1>
<p>模拟页面：名次和指数均为虚构，与真实城市无关。Simulated: ranks and indexes are invented.</p>
{tables}</body></html>"""


def _table(heading: str, cities: pl.DataFrame, period: str, seed: int) -> str:
    drawn = chance.uniform(chance.keys(cities["city_code"].to_list()), seed, "magazine", period)
    ranked = cities.with_columns(
        hundredths=pl.Series(drawn * (_BEST - _WORST) + _WORST).cast(pl.Int64)
    ).sort("hundredths", "city_code", descending=[True, False])
    lines = "".join(
        f"<tr><td>{rank}</td><td>{escape(name)}</td><td>{escape(province)}</td>"
        f"<td>{hundredths / 100:.2f}</td></tr>\n"
        for rank, (name, province, hundredths) in enumerate(
            ranked.select("name", "province", "hundredths").iter_rows(), start=1
        )
    )
    return f"""<h2>{heading}综合信用指数排名（模拟）</h2>
<table><tr><th>排名</th><th>城市</th><th>省份</th><th>综合信用指数</th></tr>
{lines}</table>
"""


def _page(title: str, status: int) -> HTMLResponse:
    return HTMLResponse(
        f'<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8"><title>{title}（模拟）</title>'
        f"</head><body><h1>{title}</h1><p>模拟页面 simulated</p></body></html>",
        status,
    )
