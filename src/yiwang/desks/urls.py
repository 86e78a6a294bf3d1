"""Addresses of the desks: what waits, one's tenders, one tender, one act, one receipt."""

from __future__ import annotations

from django.urls import path

from yiwang.desks import calendar_feed, home, receipts, screens, tender_show, today
from yiwang.desks.buyer import review, tender_enter
from yiwang.desks.center import calendar_entries, hall_console
from yiwang.desks.center import overview as center_overview
from yiwang.desks.lender import results
from yiwang.desks.public import figures
from yiwang.desks.supervisor import audit, bans
from yiwang.desks.supervisor import overview as supervisor_overview

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("tenders/", home.tenders_list, name="tenders"),
    path("tenders/enter/", tender_enter.page, name="tender_enter"),
    path("tenders/<str:number>/", tender_show.page, name="tender"),
    path("tenders/<str:number>/documents/<str:sha256>/", tender_show.document, name="document"),
    path("tenders/<str:number>/hall/", hall_console.page, name="hall"),
    path("tenders/<str:number>/review/", review.page, name="review"),
    path("tenders/<str:number>/<str:act>/", screens.act_page, name="act"),
    path("receipts/<int:pk>/", receipts.page, name="receipt"),
    path("notifications/", home.notifications, name="notifications"),
    path("today/", today.page, name="today"),
    path("calendar/<str:token>.ics", calendar_feed.own, name="own_calendar"),
    path("center/", center_overview.page, name="center"),
    path("center/calendar/", calendar_entries.page, name="calendar_entries"),
    path("supervision/", supervisor_overview.page, name="supervisor"),
    path("bans/", bans.page, name="bans"),
    path("figures/", figures.center, name="figures"),
    path("audit/", audit.page, name="audit"),
    path("awards/", results.page, name="lender"),
]
