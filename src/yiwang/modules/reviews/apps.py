"""Django app of the module reviews."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Review of a tender before publication."""

    name = "yiwang.modules.reviews"
    label = "reviews"

    def ready(self) -> None:
        """Register the module's transitions and conditions."""
        from yiwang.modules.reviews import eligibility, states  # noqa: F401  (register on import, models must be ready)
        from yiwang.modules.tenders import drafts  # noqa: F401  (changing a draft is how a finding is met)
