"""Families of sites, one module each: how they lay out their lists, and what they call their pages."""

from collections.abc import Mapping
from typing import Final

from sandbox.web.layouts.court_sitemap import CourtSitemap
from sandbox.web.layouts.credit_json import CreditJson
from sandbox.web.layouts.layout import Layout
from sandbox.web.layouts.media_feed import MediaFeed
from sandbox.web.layouts.media_list import MediaList
from sandbox.web.layouts.portal_jcms import PortalJcms
from sandbox.web.layouts.portal_static import PortalStatic
from sandbox.web.layouts.service_hall import ServiceHall

LAYOUTS: Final[Mapping[str, type[Layout]]] = {
    layout.family: layout
    for layout in (
        PortalStatic, PortalJcms, CreditJson, CourtSitemap, MediaFeed, MediaList, ServiceHall,
    )
}  # fmt: skip
"""By the name of the family."""
