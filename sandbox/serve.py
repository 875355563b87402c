"""The country's servers, on this machine's loopback: landing place, providers' interfaces, web sites.

`python -m sandbox.serve --country data/sandbox` prints its address when it is up, and ends with its
parent: when what it reads from is closed. `serving` does that for a while.
"""

import argparse
import calendar
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Final

import polars as pl
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import landing_place
from sandbox.country import Country, load
from sandbox.landing_place import File, LandingPlace
from sandbox.services import providers, web
from sandbox.transport import Faulty
from sandbox.web.server import Sites, host
from scrapers.sources.provider.providers import providers as declared

_HOST: Final = "127.0.0.1"
_GOODBYE: Final = 10.0
"""Seconds that the servers may take to end."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Have the country of a folder up, in a process of its own; gives its base URL.

    Raises:
        FileNotFoundError: there is no country in the folder.
        ValueError: its settings are not as they should be.
        RuntimeError: the servers did not come up.
    """
    load(folder)
    command = [sys.executable, "-m", "sandbox.serve", "--country", str(folder.absolute())]
    with subprocess.Popen(  # noqa: S603 - ourselves
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as servers:
        assert servers.stdin is not None  # noqa: S101 - piped
        assert servers.stdout is not None  # noqa: S101
        try:
            if not (base_url := servers.stdout.readline().strip()):
                raise RuntimeError(f"the stand-in country of {folder} did not come up")
            yield base_url
        finally:
            servers.stdin.close()
            try:
                servers.wait(_GOODBYE)
            except subprocess.TimeoutExpired:
                servers.kill()


def environment(folder: Path) -> dict[str, str]:  # noqa: ARG001 - all countries have the same
    """Variables that a process needs to be let in where a token is asked for."""
    return providers.tokens()


def application(country: Country) -> ASGIApp:
    """All servers of a country, with its faults; hosts that end in `.example` are those of its web."""
    sites, offices = Sites(country.web()), _offices(country)

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        its = sites if host(scope).endswith(".example") else offices
        await its(scope, receive, send)

    return asked


def _offices(country: Country) -> Faulty:
    """The servers that are asked by path: landing place, providers, and what is probed."""
    place = LandingPlace(country)

    def there(request: Request) -> dict[str, File]:
        try:
            return place.files(request.path_params["source_id"], request.path_params["period"])
        except KeyError:
            raise HTTPException(404) from None

    def listing(request: Request) -> Response:
        return JSONResponse([file.entry for file in there(request).values()])

    def file(request: Request) -> Response:
        found = there(request).get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return Response(found.content, media_type="application/octet-stream")

    def opinions(period: str) -> tuple[pl.DataFrame, pl.DataFrame]:
        if period not in country.live_months:
            raise KeyError(period)
        return country.truth(period), country.cities(period)

    year, month = map(int, country.last.split("-"))
    today = f"{country.last}-{calendar.monthrange(year, month)[1]}"

    def front(_: Request) -> Response:
        return HTMLResponse(_front_page(country))

    return Faulty(
        Starlette(
            routes=[
                Route("/", front),
                *providers.routes(opinions, country.seed),
                *web.routes(opinions, country.seed, today),
                Route("/{source_id}/{period}/index.json", listing),
                Route("/{source_id}/{period}/{name}", file),
            ]
        ),
        country,
    )


def _front_page(country: Country) -> str:
    """What this is, and where everything is."""
    links = [
        f"{source_id}/{period}/index.json"
        for source_id in landing_place.SOURCES
        for period in country.live_months
    ] + [provider.address.removeprefix("sandbox:/") for provider in declared().values()]
    items = "".join(f'<li><a href="/{link}">{escape(link)}</a></li>' for link in links)
    faults = escape("、".join(country.faults) or "—")
    return f"""<!DOCTYPE html>
<html lang="zh"><head><meta charset="utf-8"><title>模拟国 A stand-in country (simulated)</title></head>
<body><h1>模拟国 A stand-in country</h1>
<p>这里的一切数据都是虚构的，由随机种子 {country.seed} 生成，与任何真实城市、机构或个人无关。</p>
<p lang="en">Everything here is invented, drawn from the seed {country.seed}, and says nothing about any
real city, body or person (simulated).</p>
<p>故障 Faults: {faults}</p><ul>{items}</ul></body></html>"""


def main() -> None:
    """Serve the country of a folder until standard input is closed, or SIGTERM comes."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.serve", description=main.__doc__)
    parser.add_argument("--country", type=Path, required=True, help="folder of country.toml")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    given = parser.parse_args()
    app = application(load(given.country))
    with socket.create_server((_HOST, given.port)) as listening:
        threading.Thread(target=_end_with_parent, daemon=True).start()
        print(f"http://{_HOST}:{listening.getsockname()[1]}", flush=True)
        config = uvicorn.Config(
            app, lifespan="off", log_level="critical", timeout_graceful_shutdown=1
        )
        uvicorn.Server(config).run(sockets=[listening])


def _end_with_parent() -> None:
    """What the parent holds open is closed when it ends, however that happens."""
    # Not by way of a buffer, whose lock would hold up an exit.
    while os.read(sys.stdin.fileno(), 1 << 12):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
