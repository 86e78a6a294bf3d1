"""Addresses of accounts: sign in and out, register, signing keys, security of the account."""

from __future__ import annotations

from django.urls import path

from yiwang.desks.account import confirm, keys, login, members, register, second, security

app_name = "account"
urlpatterns = [
    path("login/", login.page, name="login"),
    path("login/second/", second.page, name="second"),
    path("login/passkey/", second.by_passkey, name="by_passkey"),
    path("logout/", login.leave, name="logout"),
    path("register/", register.page, name="register"),
    path("keys/", keys.page, name="keys"),
    path("account/", security.page, name="security"),
    path("account/confirm/", confirm.page, name="confirm"),
    path("account/totp/", security.totp_page, name="totp"),
    path("account/password/", security.password, name="password"),
    path("account/passkeys/", security.passkey_add, name="passkey_add"),
    path("account/passkeys/options/", second.options, name="passkey_options"),
    path("account/factors/remove/", security.remove, name="factor_remove"),
    path("account/recovery-codes/", security.recovery, name="recovery"),
    path("account/sessions/end/", security.end_session, name="session_end"),
    path("account/members/", members.page, name="members"),
    path("account/members/link/", members.link, name="member_link"),
    path("invitation/<uuid:pk>/<str:token>/", members.invitation, name="invitation"),
]
