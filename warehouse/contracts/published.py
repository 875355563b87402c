"""What the state published: ranking lists by issue and cohorts of model cities. Never computed."""

import dataframely as dy

from warehouse.contracts import columns as c


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
    province = dy.String(description="Province as printed")
    score = dy.String(
        nullable=True, description="Index as printed; none where only the order is known"
    )
    citation = dy.String(description="Where it was published")
    sha256 = c.sha256()
    row = dy.Int64(min=2, description="Row in the landed file, the header being row 1")


class ModelCities(dy.Schema):
    """`core_model_cities__cohort_city`: places named model cities, by cohort."""

    cohort = dy.String(primary_key=True, description="Year in which the cohort was named")
    city_code = c.city_code(primary_key=False, nullable=True)
    city = dy.String(primary_key=True, description="City or district as printed")
    province = dy.String(primary_key=True, description="Province as printed")
    citation = dy.String(description="Where it was published")
    sha256 = c.sha256()
    row = dy.Int64(min=2, description="Row in the landed file, the header being row 1")
