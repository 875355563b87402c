"""Files with slow tests go first, so that at the end no process waits long for another one."""

import pytest

_SLOW = ("month", "country", "process", "spark", "browser", "pdf")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with a test of a slow kind before the others, each file whole."""
    slow = {item.path for item in items if any(map(item.get_closest_marker, _SLOW))}
    items.sort(key=lambda item: item.path not in slow)
