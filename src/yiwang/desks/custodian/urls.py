"""Addresses of the custodian's desk; included at ``desk/custody/``."""

from __future__ import annotations

from django.urls import path

from yiwang.desks.center import drill_schedule
from yiwang.desks.custodian import custody_provide_key, drills
from yiwang.desks.custodian.custody_list import custody_list

app_name = "custody"
urlpatterns = [
    path("", custody_list, name="list"),
    path("challenge/<str:number>/", custody_provide_key.challenge, name="challenge"),
    path("drills/", drills.listing, name="drills"),
    path("drills/schedule/", drill_schedule.page, name="drill_schedule"),
    path("drills/<int:number>/", drills.page, name="drill"),
    path("drills/<int:number>/challenge/", drills.challenge, name="drill_challenge"),
]
