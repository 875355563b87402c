"""What a publication holds beside its scores: the month's cities, and the months before."""

import dataframely as dy

from warehouse.contracts import columns as c
from warehouse.contracts.cities import REGIONS


class Cities(dy.Schema):
    """`core_cities__period`: the registry's cities that were monitored in the month."""

    period = c.period()
    city_code = c.city_code()
    name = dy.String(description="Chinese name in the month")
    name_en = dy.String(description="English name")
    pinyin = dy.String(description="Pinyin without tones or spaces, for search")
    province_code = dy.String(description="GB/T 2260 code of the province")
    province = dy.String(description="Chinese name of the province")
    province_en = dy.String(description="English name of the province")
    city_class = c.city_class()
    region = dy.String(
        check=lambda col: col.is_in(REGIONS), description="East, Central, West or Northeast"
    )
    parent_code = dy.String(
        nullable=True, description="Prefecture-level division that a county-level city lies in"
    )
    valid_from = dy.String(nullable=True, description="First month under this name and class")
    valid_to = dy.String(nullable=True, description="Last month under this name and class")


class History(dy.Schema):
    """`out_history__city_period`: index and rank in the month and the twelve before it.

    As they were known when the month was published.
    """

    period = c.period()
    city_code = c.city_code()
    index = dy.Float64(nullable=True, min=0, description="Index, unrounded")
    rank = dy.Int64(nullable=True, min=1, description="Rank in the class, 1 the highest")
