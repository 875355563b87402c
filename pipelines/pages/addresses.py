"""Where every page and file of the site stands, and relative links between them.

Addresses are written from the site's root. Chinese pages stand at the address itself, English ones
below `en/`; data have no language. Links are relative, so the site works below any prefix and from
`file://`.
"""

import posixpath
from functools import lru_cache

HOME = "index.html"
SOURCES = "sources.html"
EDITIONS = "editions.html"
PUBLISHED = "published/index.html"
MODEL_CITIES = "published/model-cities.html"
API = "api.html"
API_INDEX = "api/index.json"
API_CITIES = "api/cities.json"
FEED = "feed.xml"
FIGURE_6 = "published/figure-6.html"
ASSESSMENTS = "assessments/index.html"
REPORTS = "reports/index.html"
REFERENCE = "reference"


def in_language(lang: str, address: str) -> str:
    """The address of a page in `zh` or `en`."""
    return address if lang == "zh" else f"en/{address}"


@lru_cache(maxsize=4096)
def link(folder: str, target: str) -> str:
    """Relative link from a page in `folder` (empty for the root) to `target`."""
    return posixpath.relpath(target, folder or ".")


def folder(address: str) -> str:
    """Folder of an address."""
    return posixpath.dirname(address)


def methodology(edition: str) -> str:
    """Methodology of an edition."""
    return f"{edition}/methodology.html"


def month(edition: str, period: str) -> str:
    """All revisions of a month."""
    return f"{edition}/{period}/index.html"


def publication(edition: str, period: str, revision: int) -> str:
    """Folder of one revision."""
    return f"{edition}/{period}/r{revision}"


def quality(publication: str) -> str:
    """Data quality page of the revision in a folder."""
    return f"{publication}/quality.html"


def early_warnings(publication: str) -> str:
    """List of grave events that the month of a revision first saw."""
    return f"{publication}/warnings.html"


def sites(publication: str) -> str:
    """Sites that were watched in the month of a revision."""
    return f"{publication}/sites.html"


def script_data(publication: str) -> str:
    """Folder of the data that the scripts of a revision's pages read."""
    return f"{publication}/data/script"


def all_cities(publication: str) -> str:
    """Table of all cities and indicators of the revision in a folder."""
    return f"{publication}/all.html"


def leaf(publication: str, leaf_id: str) -> str:
    """All cities on one leaf."""
    return f"{publication}/leaf/{leaf_id}.html"


def province_map(publication: str) -> str:
    """Provinces by mean index."""
    return f"{publication}/map.html"


def comparison(publication: str) -> str:
    """Cities side by side."""
    return f"{publication}/compare.html"


def scorecard(publication: str, city_code: str) -> str:
    """A city's scorecard."""
    return f"{publication}/city/{city_code}.html"


def ledger(publication: str, city_code: str) -> str:
    """A city's ledger of events and other pages."""
    return f"{publication}/ledger/{city_code}.html"


def event(publication: str, event_id: str) -> str:
    """Page of one event."""
    return f"{publication}/event/{event_id}.html"


def bridge(edition: str, period: str, other: str) -> str:
    """A month under an edition beside the same month under another."""
    return f"{edition}/{period}/with-{other}.html"


def beside(edition: str, period: str, issue: str) -> str:
    """Computed ranks of a month beside the published ones of an issue."""
    return f"{edition}/{period}/beside-{_slug(issue)}.html"


def issue(name: str) -> str:
    """Page of one issue of a published list."""
    return f"published/{_slug(name)}.html"


def assessment(edition: str, period: str) -> str:
    """Folder of the assessment of a month under an edition."""
    return f"assessments/{edition}/{period}"


def api_month(edition: str, period: str) -> str:
    """Revisions of a month and their files, for machines."""
    return f"api/{edition}/{period}.json"


def api_schema(table: str) -> str:
    """JSON Schema of a table to download."""
    return f"api/schema/{table}.json"


def _slug(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())
