"""What stored tables were made from, in hashes, so that what is out of date is known without a clock."""

import dataframely as dy

from warehouse.contracts import columns as c


class ObservedFrom(dy.Schema):
    """`core_observed_from__period`: what the observations of a month were made from.

    A month that has this row but no observations was collected, and no source had anything of it.
    """

    period = c.period()
    deliveries_sha256 = c.sha256_of("the list of all deliveries that were read")
    cities_sha256 = c.sha256_of("the registry's cities of the month")
    corrections_sha256 = c.sha256_of("operators' corrections, where sites were watched")
    code_sha256 = c.sha256_of("the code that reads deliveries")


class ScoredFrom(dy.Schema):
    """`score_scored_from__period_edition`: what the scores of a month under an edition were made from."""

    edition = c.edition()
    period = c.period()
    observations_sha256 = c.sha256_of("the month's observations as they are stored")
    cities_sha256 = c.sha256_of("the registry's cities of the month")
    edition_sha256 = c.sha256_of("what the edition's file says, whatever its layout")
    code_sha256 = c.sha256_of("the code that scores")
