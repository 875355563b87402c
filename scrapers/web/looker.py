"""The process that looks into pages, as the crawl sees it: given them in turn, replaced if it breaks."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from scrapers.web.family import Family
from scrapers.web.links import Unreadable
from scrapers.web.looking import LENGTHS, send

PATIENCE = 20.0
"""Seconds for one page."""
_BEGINNING = 300.0
"""Seconds for coming up, which on a busy machine takes long."""
_ENDING = 10.0
"""Seconds for ending; asyncio may wait for ever for a process that ended while it began."""


class LookerBrokenError(RuntimeError):
    """The process does not come up, whatever the page."""


_BROKEN = (asyncio.IncompleteReadError, TimeoutError, OSError)


@dataclass(eq=False)
class _Task:
    message: bytes
    answer: "asyncio.Future[dict[str, Any]]"


class Looker:
    """Looks into pages in a process of its own, one after another, in the order in which it is asked."""

    def __init__(self, families: Mapping[str, Family], extract: str) -> None:
        self._told = send(
            {"extract": extract, "families": {name: asdict(one) for name, one in families.items()}}
        )
        self._tasks: deque[_Task] = deque()
        self._process: Process | None = None
        self._up = False
        self._awake = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many pages it has still to look into."""
        return len(self._tasks)

    def begin(self) -> None:
        """Begin its process, so that it is up when the first page comes."""
        self._worker = asyncio.create_task(self._work())

    async def look(self, told: Mapping[str, Any], content: bytes) -> dict[str, Any]:
        """What is in a page; see `scrapers.web.looking.Looker.look`.

        Raises:
            Unreadable: it is not what its kind says, or looking into it broke or took too long.
            LookerBrokenError: there is nobody to look into any page.
        """
        task = _Task(send(told, content), asyncio.get_running_loop().create_future())
        self._tasks.append(task)
        if self._up and self._process is not None and self._process.stdin is not None:
            with suppress(OSError):  # it has broken; whoever waits for its answer sees to that
                self._process.stdin.write(task.message)
        self._awake.set()
        found = await task.answer
        if error := found.get("error"):
            raise Unreadable(error)
        return found

    async def close(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.cancel()
            with suppress(asyncio.CancelledError, TimeoutError):
                await asyncio.wait_for(self._worker, _ENDING)
        await self._end()

    async def _work(self) -> None:
        """Take answers, for the tasks in their order."""
        while True:
            up = self._process is not None or await self._start()
            if not self._tasks:
                self._awake.clear()
                await self._awake.wait()
            if not up:
                while self._tasks:
                    self._tasks.popleft().answer.set_exception(LookerBrokenError())
                continue
            try:
                found = await asyncio.wait_for(self._answer(), PATIENCE)
            except _BROKEN:
                # The first that has no answer is the page that broke it; the others are told again.
                await self._end()
                found = {"error": "broken"}
            task = self._tasks.popleft()
            if not task.answer.done():
                task.answer.set_result(found)

    async def _start(self) -> bool:
        """Whether it has come up; it says so itself."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "scrapers.web.looking", stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
            limit=1 << 24,
        )  # fmt: skip
        assert self._process.stdin is not None  # noqa: S101 - piped
        self._process.stdin.write(self._told)
        try:
            await asyncio.wait_for(self._answer(), _BEGINNING)
        except _BROKEN:
            await self._end()
            return False
        for task in self._tasks:
            self._process.stdin.write(task.message)
        self._up = True
        return True

    async def _answer(self) -> dict[str, Any]:
        assert self._process is not None  # noqa: S101 - it has begun
        assert self._process.stdout is not None  # noqa: S101 - piped
        told, _ = LENGTHS.unpack(await self._process.stdout.readexactly(LENGTHS.size))
        found: dict[str, Any] = json.loads(await self._process.stdout.readexactly(told))
        return found

    async def _end(self) -> None:
        self._up = False
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            with suppress(TimeoutError):  # what is left in its pipes is lost
                await asyncio.wait_for(process.communicate(), _ENDING)
