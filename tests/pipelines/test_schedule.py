"""What runs by itself, when, and under which edition."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from indicators import edition
from pipelines.definitions import defs
from pipelines.defs.schedule import monthly_collection, publish_what_was_collected
from pipelines.partitions import months, months_by_edition


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    """All that Dagster loads."""
    return defs()


def test_the_schedule_runs_on_the_10th_at_three_in_shanghai() -> None:
    assert monthly_collection.cron_schedule == "0 3 10 * *"
    assert monthly_collection.execution_timezone == "Asia/Shanghai"
    assert monthly_collection.default_status == dg.DefaultScheduleStatus.RUNNING


@pytest.mark.parametrize(("day", "month"), [((2019, 7, 10), "2019-06"), ((2020, 1, 10), "2019-12")])
def test_it_takes_the_month_before_for_the_current_edition_only(
    day: tuple[int, int, int], month: str
) -> None:
    at = datetime(*day, 3, tzinfo=ZoneInfo("Asia/Shanghai"))
    request = monthly_collection(dg.build_schedule_context(scheduled_execution_time=at))
    assert isinstance(request, dg.RunRequest)
    assert request.partition_key == month
    assert request.tags["cci/publish"] == edition.CURRENT


@pytest.mark.parametrize("scheduled", [True, False])
def test_what_the_schedule_collected_is_published_and_nothing_else(scheduled: bool) -> None:
    tags = {"dagster/partition": "2019-06"} | ({"cci/publish": "cci-2019"} if scheduled else {})

    @dg.job(name="collection")
    def collected() -> None:
        """Stands for a collection that ended well."""

    with dg.DagsterInstance.ephemeral() as instance:
        result = collected.execute_in_process(instance=instance, tags=tags)
        context = dg.build_run_status_sensor_context(
            sensor_name="publish_what_was_collected",
            dagster_event=result.get_run_success_event(),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        )
        answer = publish_what_was_collected(context)
    if scheduled:
        assert isinstance(answer, dg.RunRequest)
        assert answer.partition_key == "cci-2019|2019-06"
    else:
        assert isinstance(answer, dg.SkipReason)


def test_months_begin_with_the_monitoring() -> None:
    assert months.get_first_partition_key() == "2016-01"


def test_every_edition_has_partitions() -> None:
    keys = months_by_edition.get_partition_keys()
    assert {key.split("|")[0] for key in keys} == set(edition.ids())


def test_all_checks_that_guard_a_publication_block(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    blocking = {key.name for key in graph.asset_check_keys if graph.get_check_spec(key).blocking}
    assert {
        "every_city_is_scored",
        "points_sum_to_the_tree",
        "ranks_are_complete",
        "coverage_is_sufficient",
    } <= blocking


def test_the_graph_reads_like_the_method(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    chain = [
        "landing_ncisp__records",
        "core_observations__city_period_measure",
        "score_leaves__city_period_edition",
        "score_third_level",
        "score_second_level",
        "score_first_level",
        "score_index__city_period_edition",
        "out_ranking__period_edition",
        "out_publication",
        "out_site",
    ]
    for above, below in pairwise(chain):
        parents = graph.get(dg.AssetKey(below)).parent_keys
        assert dg.AssetKey(above) in parents


def test_every_asset_that_writes_a_table_is_checked_against_its_contract(
    definitions: dg.Definitions,
) -> None:
    graph = definitions.resolve_asset_graph()
    checked = {
        key.asset_key.to_user_string()
        for key in graph.asset_check_keys
        if key.name == "keeps_its_contract"
    }
    everything = {key.to_user_string() for key in graph.get_all_asset_keys()}
    # Second and third level are in one table with the first; publication and site are folders.
    without = {"score_second_level", "score_third_level", "out_publication", "out_site"}
    assert checked == everything - without
