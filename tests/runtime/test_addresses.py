"""The table of last words finds the view that Django finds when it looks through all addresses."""

from __future__ import annotations

import re

import pytest
from django.urls import Resolver404, URLResolver

from yiwang.site.addresses import Addresses
from yiwang.site.urls import urlpatterns

api: Addresses = next(each for each in urlpatterns if isinstance(each, Addresses))
plain = URLResolver(api.pattern, api.urlconf_name, api.default_kwargs, api.app_name, api.namespace)


def test_every_address_of_the_api_leads_to_the_same_view() -> None:
    for pattern in api.url_patterns:
        path = "api/v1/" + re.sub(r"<[^>]+>", "1", str(pattern.pattern))
        found, wanted = api.resolve(path), plain.resolve(path)
        assert (found.func, found.kwargs, found.view_name, found.route) == (wanted.func, wanted.kwargs, wanted.view_name, wanted.route), path


@pytest.mark.parametrize("path", ["api/v2/tenders", "elsewhere/acts/bid.submit"])
def test_what_is_not_of_the_api_is_not_found(path: str) -> None:
    with pytest.raises(Resolver404):
        api.resolve(path)
