"""Where a city stands beside its class: in its province, among cities of like size, in printed lists."""

from collections.abc import Iterator
from typing import Any

from pipelines.pages import addresses, published, words
from pipelines.pages.reading import Facts
from templates.catalogue import text
from templates.layout import Link
from templates.scorecard.standing_more import Listed, Peer, Place, StandingMore


def standing_more(facts: Facts, code: str, lang: str) -> StandingMore | None:
    """What is known of a city's standing beside its class; None for a city without a rank."""
    own, ranked = facts.ranked.get(code), facts.ranked
    if own is None:
        return None
    city_class = own["city_class"]
    peers = [ranked[peer] for peer in facts.peers.get(code, ()) if peer in ranked]
    province = [row for row in facts.ranking[city_class] if row["province"] == own["province"]]
    groups = []
    if len(province) > 1:
        key = f"standing_more.province_{city_class}"
        groups.append((text(key, lang, province=words.province_of(own, lang)), province))
    if peers:
        groups.append((text("standing_more.group", lang, n=len(peers)), [own, *peers]))
    more = StandingMore(
        places=tuple(_place(own, group, rows, lang) for group, rows in groups),
        peers=tuple(
            Peer(
                Link(words.name_of(row, lang), f"{row['city_code']}.html"),
                text("standing_more.rank", lang, rank=row["rank"]),
            )
            for row in peers
        ),
        basis=text("site.join", lang).join(
            text(f"standing_more.{measure}", lang) for measure in facts.profiles.get(code, ())
        ),
        listed=tuple(_listed(facts, code, lang)),
    )
    return more if more.places or more.listed else None


def _place(own: dict[str, Any], group: str, rows: list[dict[str, Any]], lang: str) -> Place:
    """Ranks of the class say who is before whom, ties and all."""
    rank = 1 + sum(row["rank"] < own["rank"] for row in rows)
    return Place(group, str(rank), text("scorecard.of", lang, n=len(rows)))


def _listed(facts: Facts, code: str, lang: str) -> Iterator[Listed]:
    folder = addresses.publication(facts.edition.id, facts.period, facts.revision)
    here = addresses.folder(addresses.in_language(lang, addresses.scorecard(folder, code)))
    for row in facts.published_ranks.get(code, ()):
        target = addresses.in_language(lang, addresses.issue(row.issue))
        yield Listed(
            issue=Link(published.issue_title(row.issue, lang), addresses.link(here, target)),
            city_class=text(f"class_short.{row.city_class}", lang),
            rank=text("standing_more.rank", lang, rank=row.rank),
            score=row.score or "",
        )
