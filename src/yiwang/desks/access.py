"""Desks are for people who are signed in; others are led to the sign-in page and back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence.actors import Actor

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Only for signed-in people. Whether the page exists for them is told after they signed in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if actor_of(request).known:
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('account:login')}?{urlencode({'next': request.get_full_path()})}")

    return guarded


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def only_duty(actor: Actor, *duties: str) -> None:
    """NotVisible unless the actor has one of these standing duties."""
    if actor.duty not in duties:
        raise NotVisible


def safe_next(request: HttpRequest, default: str) -> str:
    """Where to go on to: ``next`` when it is an address of this site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else default
