"""The cities that there were and are, one row for each spell under one name, code and class."""

import dataframely as dy
import polars as pl

from warehouse.contracts import columns as c

REGIONS = ("East", "Central", "West", "Northeast")
_DIVISION = r"\d{6}:\p{Han}+"


def _month(description: str) -> dy.String:
    return dy.String(nullable=True, regex=c.PERIOD_PATTERN, description=description)


class CityRegistry(dy.Schema):
    """`core_registry__city_spell`: real Chinese cities by GB/T 2260, versioned in time."""

    city_code = c.city_code()
    name = dy.String(
        primary_key=True, regex=r"^\p{Han}+市$", description="Official Chinese name, with 市"
    )
    name_en = dy.String(regex=r"^[A-Z][A-Za-z' -]+$", description="Conventional English name")
    pinyin = dy.String(regex=r"^[a-z]+$", description="Pinyin, no tones or spaces, for search")
    province_code = dy.String(regex=r"^\d{2}0000$", description="GB/T 2260 code of the province")
    province = dy.String(regex=r"^\p{Han}+$", description="Official Chinese name of the province")
    province_en = dy.String(description="Conventional English name of the province")
    city_class = c.city_class()
    region = dy.String(
        check=lambda col: col.is_in(REGIONS),
        description="Region of the province: East, Central, West or Northeast",
    )
    parent_code = dy.String(
        nullable=True,
        regex=r"^\d{4}00$",
        description="Prefecture-level division that a county-level city lies in, if any",
    )
    valid_from = _month("First month of the spell; none: before the table begins, 2005-01")
    valid_to = _month("Last month of the spell; none: it lasts")
    monitored_from = _month("First monitored month, where later than valid_from")
    monitored_to = _month("Last monitored month, where earlier than valid_to")
    predecessors = dy.String(
        nullable=True,
        regex=rf"^{_DIVISION}(\|{_DIVISION})*$",
        description="Divisions that the city followed or took in, as code:name joined with |",
    )
    note = dy.String(nullable=True, description="What changed, and the source that says so")

    @dy.rule()
    def months_are_in_order(cls) -> pl.Expr:
        """A spell ends no earlier than it begins, and is monitored only while it lasts."""
        return pl.all_horizontal(
            (pl.col(earlier) <= pl.col(later)).fill_null(True)
            for earlier, later in [
                ("valid_from", "valid_to"),
                ("valid_from", "monitored_from"),
                ("monitored_from", "monitored_to"),
                ("monitored_from", "valid_to"),
                ("valid_from", "monitored_to"),
                ("monitored_to", "valid_to"),
            ]
        )

    @dy.rule()
    def spells_of_a_code_do_not_overlap(cls) -> pl.Expr:
        """In no month does a code name two cities."""
        begin = pl.col("valid_from").fill_null("0000-00")
        following = begin.shift(-1).over("city_code", order_by=begin)
        return following.is_null() | (pl.col("valid_to").fill_null("9999-99") < following)

    @dy.rule()
    def class_agrees_with_the_code(cls) -> pl.Expr:
        """Codes of upper cities end in 00, those of county-level cities do not."""
        return pl.col("city_code").str.ends_with("00") != (pl.col("city_class") == "county")

    @dy.rule()
    def upper_cities_have_no_parent(cls) -> pl.Expr:
        """Only county-level cities lie in a prefecture-level division."""
        return (pl.col("city_class") == "county") | pl.col("parent_code").is_null()

    @dy.rule()
    def codes_are_nested(cls) -> pl.Expr:
        """A city's code begins with those of its province and of its parent."""
        code = pl.col("city_code")
        return (code.str.head(2) == pl.col("province_code").str.head(2)) & (
            code.str.head(4) == pl.col("parent_code").str.head(4)
        ).fill_null(True)
