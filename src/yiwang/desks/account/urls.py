"""Addresses of accounts: sign in and out, register, signing keys."""

from __future__ import annotations

from django.urls import path

from yiwang.desks.account import keys, login, register

app_name = "account"
urlpatterns = [
    path("login/", login.page, name="login"),
    path("logout/", login.leave, name="logout"),
    path("register/", register.page, name="register"),
    path("keys/", keys.page, name="keys"),
]
