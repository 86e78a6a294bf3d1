"""Runs the design system alone, whatever site settings the rest of the tests use."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ui_settings")

import django
from django.conf import settings

if not settings.configured:
    django.setup()

import ui_settings
from django.template import engines
from django.test import Client, RequestFactory, override_settings

Render = Callable[..., str]


@pytest.fixture(autouse=True)
def ui_site() -> Iterator[None]:
    """The test site's routes, middleware and templates."""
    names = ("ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES", "CONTENT_SECURITY_POLICY", "ALLOWED_HOSTS", "STATIC_URL")
    plain = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    kept = {name: getattr(ui_settings, name) for name in names}
    with override_settings(**kept, STORAGES=plain, DEBUG=False, SECURE_SSL_REDIRECT=False):
        yield


@pytest.fixture
def client() -> Client:
    """A browser without cookies that speaks Chinese, and that shows error pages as users see them."""
    return Client(raise_request_exception=False, headers={"accept-language": "zh-CN,zh;q=0.9"})


@pytest.fixture
def render() -> Render:
    """``render(source, **context)``: a template string with both tag libraries loaded."""

    def rendered(source: str, **context: object) -> str:
        request = RequestFactory().get(str(context.pop("path", "/")))
        loaded = "{% load say components %}" + source
        return engines["django"].from_string(loaded).render(context, request)

    return rendered
