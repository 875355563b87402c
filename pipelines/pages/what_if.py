"""The panel of a scorecard on which other values are tried."""

import json

from pipelines.pages import addresses
from pipelines.pages.reading import Facts
from templates.catalogue import text
from templates.scorecard.what_if import WhatIf


def what_if(facts: Facts, code: str, lang: str) -> WhatIf | None:
    """What the panel of a city starts from; None for a city that has no rank to follow."""
    if code not in facts.ranked:
        return None
    city_class = facts.cities[code]["city_class"]
    scored = facts.leaves[code]
    own = [
        (row.value, row.points, int(row.points_possible > 0))
        for row in (scored[leaf.id] for leaf in facts.edition.leaves)
    ]
    folder = addresses.publication(facts.edition.id, facts.period, facts.revision)
    here = addresses.folder(addresses.in_language(lang, addresses.scorecard(folder, code)))
    return WhatIf(
        city_code=code,
        city_class=city_class,
        data=addresses.link(here, addresses.script_data(folder)),
        own=json.dumps(own, allow_nan=False, separators=(",", ":")),
        of=text("scorecard.of", lang, n=len(facts.ranking[city_class])),
    )
