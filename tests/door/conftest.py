"""The same stage, cast and plays as for journeys."""

from tests.journeys.conftest import cast, folders, play, quorum, stage  # noqa: F401  (fixtures)
