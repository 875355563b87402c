"""What a crawl remembers of its sites: addresses, what came of them, articles not yet archived.

One SQLite file a shard, written by one process. What a page gave is remembered in one transaction: when
the process is killed, a page has either been had, with all that it led to, or is still waiting.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from scrapers.web.family import Again

Kind = Literal["front", "check", "probe", "counter", "list", "article"]
KILLED: Final = "killed"
"""Why a round was stopped of which nobody says why."""
TRIES: Final = 3
"""Crawls in which an article that cannot be had is asked for."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS site (
    site_id TEXT PRIMARY KEY,
    round INTEGER NOT NULL DEFAULT 0,
    until TEXT NOT NULL DEFAULT '',  -- the day that the round was asked for
    open INTEGER NOT NULL DEFAULT 0,  -- whether the round has still to be ended
    ended TEXT NOT NULL DEFAULT '',  -- why it was ended before its time, or stopped
    done TEXT NOT NULL DEFAULT '',  -- the day on which it was ended in a crawl that is not over
    complete TEXT,  -- the day up to which everything has been had
    title TEXT  -- of the front page, when it was last what it should be
) STRICT;
CREATE TABLE IF NOT EXISTS address (
    id INTEGER PRIMARY KEY,  -- in the order in which they are asked for
    site_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    round INTEGER NOT NULL,  -- in which it was last put up
    state TEXT NOT NULL DEFAULT 'waiting',  -- waiting, had, missed
    reason TEXT NOT NULL DEFAULT '',  -- why it was missed, or why nothing more came of it
    tries INTEGER NOT NULL DEFAULT 0,
    listing INTEGER NOT NULL,
    start TEXT NOT NULL,
    number INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    before TEXT NOT NULL,
    stamp TEXT NOT NULL,
    etag TEXT NOT NULL DEFAULT '',
    modified TEXT NOT NULL DEFAULT '',
    raw TEXT,  -- hash of what came
    text TEXT,  -- hash of what it says
    links INTEGER,  -- articles that a list named
    most INTEGER NOT NULL DEFAULT 0,  -- that it ever named
    leads INTEGER NOT NULL DEFAULT 0,  -- whether it names further lists
    title INTEGER, date TEXT, words INTEGER,  -- what an article has
    kept INTEGER,  -- round in which an article was first kept
    since TEXT,  -- the day from which its age counts
    asked TEXT,  -- the day on which it was asked for last
    gone TEXT,  -- the day on which it was found to be there no more
    UNIQUE (site_id, kind, path)
) STRICT;
CREATE INDEX IF NOT EXISTS ages ON address (site_id, since) WHERE kept IS NOT NULL;
CREATE INDEX IF NOT EXISTS waiting ON address (site_id, id) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS rounds ON address (site_id, round);
CREATE INDEX IF NOT EXISTS raws ON address (site_id, raw) WHERE kind = 'article';
CREATE INDEX IF NOT EXISTS texts ON address (site_id, text) WHERE kind = 'article';
CREATE TABLE IF NOT EXISTS counter (
    site_id TEXT NOT NULL, round INTEGER NOT NULL, measure TEXT NOT NULL, city_code TEXT,
    value REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS article (
    id INTEGER PRIMARY KEY, site_id TEXT NOT NULL, url TEXT NOT NULL, retrieved TEXT NOT NULL,
    status INTEGER NOT NULL, encoding TEXT, raw_sha256 TEXT NOT NULL, content TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS part (written INTEGER NOT NULL) STRICT;
CREATE TEMP VIEW listed AS
SELECT
    site_id, round, id, path,
    -- could not be had; a list is at its end where a further page of it is not there
    state = 'missed' AND NOT (number > 1 AND reason IN ('status_404', 'status_410')) AS lacking,
    number = 1 AND state = 'had' AND links = 0 AND NOT leads AND most > 0 AS lost,  -- named some once
    number = 1 AND state = 'had' AND links = 0 AND NOT leads AND most = 0 AS empty
FROM address WHERE kind = 'list';
"""
# Of memories from before articles were asked for again.
_NEWER: Final = """
ALTER TABLE address ADD COLUMN kept INTEGER;
ALTER TABLE address ADD COLUMN since TEXT;
ALTER TABLE address ADD COLUMN asked TEXT;
ALTER TABLE address ADD COLUMN gone TEXT;
UPDATE address SET kept = address.round, asked = site.until, since = coalesce(date, site.until) FROM site
WHERE site.site_id = address.site_id AND kind = 'article' AND text IS NOT NULL;
"""
# Of memories from before it was remembered which sites a killed crawl had been done with.
_NEWER_SITES: Final = "ALTER TABLE site ADD COLUMN done TEXT NOT NULL DEFAULT '';"
_PUT: Final = """
INSERT OR IGNORE INTO address
    (site_id, kind, path, round, listing, start, number, depth, before, stamp)
VALUES (:site_id, :kind, :path, :round, :listing, :start, :number, :depth, :before, :stamp)
"""
_PUT_AGAIN: Final = """
UPDATE address SET
    state = 'waiting', round = :round, listing = :listing, start = :start, number = :number,
    depth = :depth, before = :before, stamp = :stamp
WHERE site_id = :site_id AND kind = :kind AND path = :path AND round < :round
    AND NOT (state = 'had' AND stamp <> '' AND stamp = :stamp)
"""
_WAITING: Final = """
SELECT id, kind, path, listing, start, number, depth, before, leads, etag, modified, kept, raw,
    text, words, gone
FROM address WHERE site_id = ? AND state = 'waiting'
ORDER BY kind <> 'front', kind <> 'check', kind <> 'probe', kept, id LIMIT ?
"""
# To be forbidden costs no asking.
_AGAIN: Final = """
UPDATE address SET state = 'waiting', round = ?
WHERE site_id = ? AND (state = 'waiting' OR (
    kind = 'article' AND state = 'missed' AND (tries < ? OR reason = 'forbidden')
))
"""
# A page that comes late is as old as the day it shows; it is twice as old when it is due.
_OLD: Final = """
UPDATE address SET state = 'waiting', round = :round WHERE id IN (
    SELECT id FROM address
    WHERE site_id = :site_id AND kept IS NOT NULL AND state = 'had'
        AND since >= date(:day, '-' || :longest || ' days')
        AND julianday(:day) - julianday(asked) >= CASE
            WHEN julianday(asked) - julianday(since) < :daily THEN 1
            ELSE julianday(asked) - julianday(since)
        END
    ORDER BY since DESC, id LIMIT :most
)
"""
_DONE: Final = """
SELECT count(*), max(text) FILTER (WHERE kind = 'probe') FROM address
WHERE site_id = ? AND round = ? AND state <> 'waiting'
"""
_HAD: Final = """
UPDATE address SET
    state = 'had', tries = tries + 1, reason = :reason,
    etag = coalesce(:etag, etag), modified = coalesce(:modified, modified),
    raw = coalesce(:raw, raw), text = coalesce(:text, text), links = coalesce(:links, links),
    most = max(most, coalesce(:links, 0)), leads = coalesce(:leads, leads),
    title = coalesce(:title, title), date = coalesce(:date, date), words = coalesce(:words, words),
    gone = NULL
WHERE id = :id
"""
# What was had once stays had, whatever comes of asking for it again.
_MISSED: Final = """
UPDATE address SET
    state = CASE WHEN kept IS NULL THEN 'missed' ELSE 'had' END, tries = tries + 1, reason = ?
WHERE id = ?
"""
_ASKED: Final = """
UPDATE address SET
    asked = :day, since = coalesce(since, min(:day, coalesce(date, :day))),
    kept = coalesce(kept, round)
WHERE id = :id AND kind = 'article' AND text IS NOT NULL
"""
_END: Final = """
UPDATE site SET open = 0, ended = '', done = date('now'), complete = CASE WHEN EXISTS (
    SELECT 1 FROM listed WHERE listed.site_id = site.site_id AND listed.round = site.round
        AND (lost OR lacking)
) THEN complete ELSE ? END
WHERE site_id = ?
"""
_DONE_LATELY: Final = """
SELECT 1 FROM site WHERE site_id = ? AND done >= date('now', '-1 day')
"""
_KNOWN: Final = {
    "raw": "SELECT 1 FROM address WHERE site_id = ? AND kind = 'article' AND raw = ? "
    "AND id <> ? LIMIT 1",
    "text": "SELECT 1 FROM address WHERE site_id = ? AND kind = 'article' AND text = ? "
    "AND id <> ? LIMIT 1",
}


@dataclass(frozen=True)
class Put:
    """A page to put up.

    Attributes:
        listing: of lists, which one of the family it belongs to.
        start: path of where that began.
        number: of lists, the page's number from 1.
        depth: how many lists led to it, itself counted.
        before: hash of what the page before it named.
        stamp: of lists, changes when the list does; one that was had with this stamp is not put up.
    """

    kind: Kind
    path: str
    listing: int = 0
    start: str = ""
    number: int = 1
    depth: int = 1
    before: str = ""
    stamp: str = ""


@dataclass(frozen=True)
class Address:
    """A page that waits: as it was put up, and what is remembered of it.

    Attributes:
        etag, modified: what it said of itself when it was last had.
        kept, raw, text, words, gone: of an article, as the table `address` has them.
    """

    id: int
    kind: Kind
    path: str
    listing: int
    start: str
    number: int
    depth: int
    before: str
    leads: int
    etag: str
    modified: str
    kept: int | None
    raw: str | None
    text: str | None
    words: int | None
    gone: str | None

    @property
    def known(self) -> bool:
        """Whether it is an article that was kept, and is asked for again."""
        return self.kept is not None


@dataclass(frozen=True)
class Had:
    """What is remembered of a page that was had; None where nothing new is known.

    Attributes:
        reason: why nothing more came of it, or "".
        etag, modified: with what it can be asked for again.
        raw, text: hashes of what came and of what it says.
        links: articles that a list named.
        leads: whether it named further lists.
        title, date, words: whether an article has a title, its day, and whether it has a text.
    """

    reason: str = ""
    etag: str | None = None
    modified: str | None = None
    raw: str | None = None
    text: str | None = None
    links: int | None = None
    leads: bool | None = None
    title: bool | None = None
    date: str | None = None
    words: bool | None = None


@dataclass(frozen=True)
class Round:
    """A crawl of one site.

    Attributes:
        number: from 1.
        complete: the day up to which an earlier one has had everything, ISO, or None.
        title: of the front page, when it was last what it should be, or None.
        like: hash of what a page says that is not there, or None.
        pages: that this one has had or missed so far, as it may have been killed.
        done: whether the crawl that goes on had been done with the site when it was killed.
    """

    number: int
    complete: str | None
    title: str | None
    like: str | None
    pages: int
    done: bool = False


class Seen:
    """The memory of one shard."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=60.0)
        self._db.row_factory = sqlite3.Row
        # What was written survives the end of the process, and a loss of power but for the last moments.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        for table, column, newer in (("address", "kept", _NEWER), ("site", "done", _NEWER_SITES)):
            columns = {row["name"] for row in self.rows(f"PRAGMA table_info({table})", [])}
            if columns and column not in columns:
                self._db.executescript(f"BEGIN IMMEDIATE;{newer}COMMIT;")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is remembered within, or nothing of it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def rows(self, query: str, values: Iterable[Any]) -> list[sqlite3.Row]:
        """What a query finds."""
        return self._db.execute(query, tuple(values)).fetchall()

    def begin(self, site_id: str, until: str, starts: Iterable[Put]) -> Round:
        """Go on with a site's round for a day where it was killed, or begin one.

        A new one puts its starts up again, and articles that could not be had; what an earlier one left
        waiting waits on. None is begun where a crawl that was killed a day ago or less had been done
        with the site.
        """
        with self.together():
            self._db.execute("INSERT OR IGNORE INTO site (site_id) VALUES (?)", [site_id])
            site = self._site(site_id)
            if site["until"] == until and self.rows(_DONE_LATELY, [site_id]):
                return Round(site["round"], site["complete"], site["title"], None, 0, done=True)
            if not site["open"] or site["until"] != until:
                number = site["round"] + 1
                self._db.execute(
                    "UPDATE site SET round = ?, until = ?, open = 1, done = '' WHERE site_id = ?",
                    [number, until, site_id],
                )
                self._db.execute(_AGAIN, [number, site_id, TRIES])
                self.put(site_id, number, starts)
                site = self._site(site_id)
            self.stop(site_id, KILLED)
        [[pages, like]] = self.rows(_DONE, [site_id, site["round"]])
        return Round(site["round"], site["complete"], site["title"], like, pages)

    def _site(self, site_id: str) -> sqlite3.Row:
        [site] = self.rows("SELECT * FROM site WHERE site_id = ?", [site_id])
        return site

    def put(self, site_id: str, number: int, pages: Iterable[Put]) -> int:
        """Put pages up in a round, and say how many of them were never put up before.

        An article is put up once, any other page once a round.
        """
        rows = [{"site_id": site_id, "round": number} | asdict(page) for page in pages]
        before = self._db.total_changes
        self._db.executemany(_PUT, rows)
        added = self._db.total_changes - before
        self._db.executemany(_PUT_AGAIN, [row for row in rows if row["kind"] != "article"])
        return added

    def again(self, site_id: str, number: int, day: str, again: Again) -> None:
        """Put articles up again that are due on a day, since they may have been changed."""
        told = {"site_id": site_id, "round": number, "day": day}
        self._db.execute(_OLD, told | asdict(again))

    def waiting(self, site_id: str, most: int) -> list[Address]:
        """The next pages that wait: those that tell what the site is, others in turn, then known ones."""
        return [Address(**dict(row)) for row in self.rows(_WAITING, [site_id, most])]

    def had(self, page: Address, what: Had | None = None) -> None:
        """A page was had."""
        self._db.execute(_HAD, vars(what or Had()) | {"id": page.id})

    def missed(self, page: Address, reason: str) -> None:
        """A page could not be had, or is not what it should be."""
        self._db.execute(_MISSED, [reason, page.id])

    def asked(self, page: Address, day: str) -> None:
        """An article that is known was asked for on a day; it may be known since this moment."""
        self._db.execute(_ASKED, {"id": page.id, "day": day})

    def gone(self, page: Address, day: str) -> None:
        """An article is there no more, from a day on unless it was gone before."""
        self.had(page)
        self._db.execute("UPDATE address SET gone = ? WHERE id = ?", [page.gone or day, page.id])

    def known(
        self, site_id: str, by: Literal["raw", "text"], value: str, page: Address | None = None
    ) -> bool:
        """Whether a site has an article with that hash; another one than a page, if one is given."""
        return bool(self.rows(_KNOWN[by], [site_id, value, page.id if page else 0]))

    def samples(self, site_id: str, most: int) -> list[str]:
        """Paths of the articles of a site that were had last."""
        rows = self.rows(
            "SELECT path FROM address WHERE site_id = ? AND kept IS NOT NULL AND gone IS NULL "
            "ORDER BY id DESC LIMIT ?",
            [site_id, most],
        )
        return [row["path"] for row in rows]

    def keep(self, article: Mapping[str, Any]) -> None:
        """Keep an article, or that it is gone, until it is archived; by column of `article`."""
        self._db.execute(
            "INSERT INTO article (site_id, url, retrieved, status, encoding, raw_sha256, content) "
            "VALUES (:site_id, :url, :retrieved, :status, :encoding, :raw_sha256, :content)",
            article,
        )

    def count(
        self, site_id: str, number: int, counted: Iterable[tuple[str, str | None, float]]
    ) -> None:
        """Keep what a site's counters say in a round: measure, city, value."""
        self._db.executemany(
            "INSERT INTO counter VALUES (?, ?, ?, ?, ?)",
            [(site_id, number, measure, city, value) for measure, city, value in counted],
        )

    def named(self, site_id: str, title: str) -> None:
        """The front page is what it should be, and has that title."""
        self._db.execute("UPDATE site SET title = ? WHERE site_id = ?", [title, site_id])

    def end(self, site_id: str, complete: str) -> None:
        """Nothing waits any more: the round is over, complete up to a day if no list was missed."""
        self._db.execute(_END, [complete, site_id])

    def stop(self, site_id: str, why: str) -> None:
        """Leave the rest of a round for later."""
        self._db.execute("UPDATE site SET ended = ? WHERE site_id = ?", [why, site_id])

    def give_up(self, site_id: str, why: str) -> None:
        """End a round that makes no sense to go on with; articles wait for the next one."""
        self._db.execute(
            "UPDATE address SET state = 'missed', reason = ? "
            "WHERE site_id = ? AND state = 'waiting' AND kind <> 'article'",
            [why, site_id],
        )
        self._db.execute("UPDATE site SET open = 0, ended = ? WHERE site_id = ?", [why, site_id])

    def over(self) -> None:
        """A crawl of the shard is over: the next one asks every site again."""
        self._db.execute("UPDATE site SET done = ''")

    def outbox(self, most: int) -> tuple[int, list[dict[str, Any]]]:
        """The first of the articles not yet archived, and the number of the part that they make."""
        [[written]] = self.rows("SELECT coalesce(max(written), 0) FROM part", [])
        articles = self.rows("SELECT * FROM article ORDER BY id LIMIT ?", [most])
        return written + 1, [dict(row) for row in articles]

    def archived(self, part: int, last: int) -> None:
        """A part has been written that has the articles up to an id."""
        with self.together():
            self._db.execute("DELETE FROM article WHERE id <= ?", [last])
            self._db.execute("INSERT INTO part VALUES (?)", [part])


def memory_of(folder: Path, shard: int) -> Path:
    """The file of what is remembered of a shard."""
    return folder / f"shard-{shard:02}.sqlite"
