"""Shows with a failed test what the parts of its systems have said. A conftest imports the hook."""

from collections.abc import Generator

import pytest

from tests.system import System


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        for value in getattr(item, "funcargs", {}).values():
            if isinstance(value, System):
                logs = value.logs().items()
                report.sections += [(f"what {name} said", text) for name, text in logs if text]
    return report
