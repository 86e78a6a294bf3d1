"""The same stage, cast, plays and programs as for journeys."""

from tests.journeys.conftest import cast, folders, play, program, routes, stage  # noqa: F401  (fixtures)
from yiwang.promises.plugin import pytest_runtest_logreport, pytest_runtest_setup  # noqa: F401  (keeps outcomes)
