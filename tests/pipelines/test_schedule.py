"""What runs by itself, when, and under which edition."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from indicators import edition
from pipelines import shortfall
from pipelines.definitions import defs
from pipelines.defs.schedule import (
    PUBLISH,
    monthly_collection,
    observe_what_was_collected,
    observe_without_what_is_short,
    publish_what_was_observed,
)
from pipelines.partitions import months, months_by_edition
from pipelines.steps.collecting import Collected
from scrapers.arrival import Problem
from scrapers.declaration import Source, monthly, sources


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    """All that Dagster loads."""
    return defs()


def test_the_schedule_runs_on_the_10th_at_three_in_shanghai() -> None:
    assert monthly_collection.cron_schedule == "0 3 10 * *"
    assert monthly_collection.execution_timezone == "Asia/Shanghai"
    assert monthly_collection.default_status == dg.DefaultScheduleStatus.RUNNING


@pytest.mark.parametrize(
    ("day", "months_collected"),
    [((2019, 7, 10), ["2019-05", "2019-06"]), ((2020, 1, 10), ["2019-11", "2019-12"])],
)
def test_it_takes_the_month_before_and_what_came_late_for_the_one_before_that(
    day: tuple[int, int, int], months_collected: list[str]
) -> None:
    at = datetime(*day, 3, tzinfo=ZoneInfo("Asia/Shanghai"))
    asked = monthly_collection(dg.build_schedule_context(scheduled_execution_time=at))
    assert isinstance(asked, Iterator)
    requests = [request for request in asked if isinstance(request, dg.RunRequest)]
    assert [request.partition_key for request in requests] == months_collected
    assert {request.tags[PUBLISH] for request in requests} == {edition.CURRENT}
    assert len({request.run_key for request in requests}) == 2


def ended_well(job: str, tags: dict[str, str]) -> Iterator[dg.RunStatusSensorContext]:
    """What a sensor sees of a run of a job that ended well."""

    @dg.job(name=job)
    def done() -> None:
        """Stands for a run that ended well."""

    with dg.DagsterInstance.ephemeral() as instance:
        result = done.execute_in_process(instance=instance, tags=tags)
        yield dg.build_run_status_sensor_context(
            sensor_name="any",
            dagster_event=result.get_run_success_event(),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        )


@pytest.mark.parametrize("scheduled", [True, False])
@pytest.mark.parametrize(
    ("sensor", "job", "partition"),
    [
        (observe_what_was_collected, "collection", "2019-06"),
        (publish_what_was_observed, "observation", "cci-2019|2019-06"),
    ],
)
def test_what_was_scheduled_is_gone_on_with_and_nothing_else(
    sensor: dg.SensorDefinition, job: str, partition: str, scheduled: bool
) -> None:
    tags = {"dagster/partition": "2019-06"} | ({PUBLISH: "cci-2019"} if scheduled else {})
    for context in ended_well(job, tags):
        answer = sensor(context)
        if scheduled:
            assert isinstance(answer, dg.RunRequest)
            assert answer.partition_key == partition
            assert answer.tags[PUBLISH] == "cci-2019"
        else:
            assert isinstance(answer, dg.SkipReason)


SHORT = Collected(
    source_id="ncisp", period="2019-06", expected_cities=500, expected_records=500, files=0,
    late_files=0, duplicate_files=0, refused_files=0, cities=0, records=0, corrected=0, refused=0,
    persons=0, short=True, problems=(Problem("", "host_down", "it is down"),), simulated=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("error", "all_ended", "goes_on"),
    [
        (shortfall.failure(sources()["ncisp"], [SHORT]), True, True),
        (shortfall.failure(sources()["ncisp"], [SHORT]), False, False),
        (dg.Failure("another"), True, False),
        (ValueError("a mistake of ours"), True, False),
    ],
    ids=["a source fell short", "a source was not come to", "another failure", "an error"],
)
def test_a_collection_in_which_a_source_fell_short_is_gone_on_with_and_no_other_failure(
    error: Exception, all_ended: bool, goes_on: bool
) -> None:
    def collects(source: Source) -> dg.OpDefinition:
        @dg.op(name=shortfall.records_key(source))
        def collected() -> None:
            if source.id == "ncisp":
                raise error

        return collected

    @dg.job(name="collection")
    def collection_job() -> None:
        for source in monthly()[: None if all_ended else -1]:
            collects(source)()

    with dg.DagsterInstance.ephemeral() as instance:
        result = collection_job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            tags={"dagster/partition": "2019-06", PUBLISH: "cci-2019"},
        )
        failures = [event for event in result.all_events if event.is_step_failure]
        assert shortfall.all_of(failures) is (goes_on or not all_ended)
        context = dg.build_run_status_sensor_context(
            sensor_name="observe_without_what_is_short",
            dagster_event=result.get_run_failure_event(),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        ).for_run_failure()
        answer = observe_without_what_is_short(context)
    assert isinstance(answer, dg.RunRequest if goes_on else dg.SkipReason)


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
    # Second and third level are in one table with the first; publication, site and archive of articles
    # are folders.
    levels = {"score_second_level", "score_third_level"}
    without = {*levels, "out_publication", "out_site", "out_bulletins", "landing_web__crawl"}
    assert checked == everything - without
