"""Addresses of the custodian's desk; included at ``desk/custody/``."""

from __future__ import annotations

from django.urls import path

from yiwang.desks.custodian.custody_list import custody_list

app_name = "custody"
urlpatterns = [path("", custody_list, name="list")]
