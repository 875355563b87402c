"""What the state published: ranking lists by issue and cohorts of model cities. Never computed."""

import dataframely as dy

from warehouse.contracts import columns as c


def _city_en() -> dy.String:
    return dy.String(
        nullable=True, description="English name in the registry of the month; none of districts"
    )


def _province_en() -> dy.String:
    return dy.String(description="English name of the province; Municipality where that is printed")


class PublishedRankings(dy.Schema):
    """`core_published_rankings__issue_city`: one printed line of a published list."""

    issue = dy.String(primary_key=True, description="Issue of the list, as printed")
    window = dy.String(nullable=True, description="Months the list covers, where printed")
    month = dy.String(
        regex=c.PERIOD_PATTERN, description="Month whose registry the names belong to"
    )
    city_class = c.city_class(primary_key=True)
    rank = dy.Int64(primary_key=True, min=1, description="Rank as printed")
    city_code = c.city_code(primary_key=False, nullable=True)
    city = dy.String(primary_key=True, description="City as printed")
    city_en = _city_en()
    province = dy.String(description="Province as printed")
    province_en = _province_en()
    score = dy.String(
        nullable=True, description="Index as printed; none where only the order is known"
    )
    publisher_zh = dy.String(description="Who published it, in Chinese")
    publisher_en = dy.String(description="Who published it, in English")
    citation = dy.String(description="Where it was published")
    sha256 = c.sha256()
    row = dy.Int64(min=2, description="Row in the landed file, the header being row 1")


class ModelCities(dy.Schema):
    """`core_model_cities__cohort_city`: places named model cities, by cohort."""

    cohort = dy.String(primary_key=True, description="Year in which the cohort was named")
    city_code = c.city_code(primary_key=False, nullable=True)
    city = dy.String(primary_key=True, description="City or district as printed")
    city_en = _city_en()
    province = dy.String(primary_key=True, description="Province as printed")
    province_en = _province_en()
    publisher_zh = dy.String(description="Who published it, in Chinese")
    publisher_en = dy.String(description="Who published it, in English")
    citation = dy.String(description="Where it was published")
    sha256 = c.sha256()
    row = dy.Int64(min=2, description="Row in the landed file, the header being row 1")
