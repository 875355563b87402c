"""Time and memory of a piece of work that has a process to itself."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor


def alone(work: Callable[[], object], times: int = 3) -> tuple[float, float]:
    """Seconds, the best of so many times, and peak memory in GB, in a process of its own."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(_measured, work, times).result()


def _measured(work: Callable[[], object], times: int) -> tuple[float, float]:
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return min(spent), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
