"""Every table by name: layer, then subject, then grain."""

import dataframely as dy

from warehouse.contracts.assessments import Assessment, Gate
from warehouse.contracts.cities import CityRegistry
from warehouse.contracts.dictionary import EditionLeaves, Measures
from warehouse.contracts.landing import Quality, Receipts, Records, Refusals
from warehouse.contracts.ledger import Counters, Events, Pages, Sites
from warehouse.contracts.made_from import ObservedFrom, ScoredFrom
from warehouse.contracts.months import Cities, History
from warehouse.contracts.movement import Movement
from warehouse.contracts.observations import Contributions, Observations
from warehouse.contracts.peers import Peers, PublishedRanks
from warehouse.contracts.publications import Changes, Publications
from warehouse.contracts.published import ModelCities, PublishedRankings
from warehouse.contracts.scores import Index, LeafClasses, Leaves, Nodes, Ranking
from warehouse.contracts.warnings import Warnings

TABLES: dict[str, type[dy.Schema]] = {
    "landing_receipts__file": Receipts,
    "landing_refusals__row": Refusals,
    "landing_records__source": Records,
    "landing_quality__source": Quality,
    "landing_sites__period": Sites,
    "landing_counters__period": Counters,
    "core_events__period_event": Events,
    "core_pages__period_url": Pages,
    "core_registry__city_spell": CityRegistry,
    "core_measures__measure": Measures,
    "core_edition_leaves__leaf": EditionLeaves,
    "core_cities__period": Cities,
    "core_observations__city_period_measure": Observations,
    "core_contributions__city_period_measure_part": Contributions,
    "core_observed_from__period": ObservedFrom,
    "core_published_rankings__issue_city": PublishedRankings,
    "core_model_cities__cohort_city": ModelCities,
    "score_leaves__city_period_edition": Leaves,
    "score_leaf_classes__period_edition": LeafClasses,
    "score_nodes__city_period_edition": Nodes,
    "score_index__city_period_edition": Index,
    "score_scored_from__period_edition": ScoredFrom,
    "score_gate__city_period_edition": Gate,
    "out_assessment__city_period_edition": Assessment,
    "out_ranking__period_edition": Ranking,
    "out_history__city_period": History,
    "out_changes__revision": Changes,
    "out_movement__city_period_edition": Movement,
    "out_peers__city_period": Peers,
    "out_published_ranks__city_issue": PublishedRanks,
    "out_warnings__city_period": Warnings,
    "out_publications__revision": Publications,
}
