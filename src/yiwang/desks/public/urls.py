"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path

from yiwang.desks.public import (
    calendar_show,
    evidence_show,
    home,
    law_show,
    log_show,
    tender_list,
    tender_show,
    tour,
    words,
)

app_name = "public"
urlpatterns = [
    path("", home.home, name="home"),
    path("tenders/", tender_list.tenders, name="tenders"),
    path("results/", tender_list.results, name="results"),
    path("tenders/<str:number>/", tender_show.tender, name="tender"),
    path("tenders/<str:number>/documents/<str:sha256>/", tender_show.document, name="document"),
    path("tenders/<str:number>/dossier.zip", tender_show.dossier, name="dossier"),
    path("tenders/<str:number>/opening/", tender_show.opening, name="opening"),
    path("tenders/<str:number>/notice/", tender_show.notice, name="notice"),
    path("tenders/<str:number>/evidence/", evidence_show.chain, name="chain"),
    path("evidence/<int:index>/", evidence_show.entry, name="evidence"),
    path("evidence/<int:index>/content.json", evidence_show.content, name="content"),
    path("evidence/<int:index>/proof", evidence_show.proof, name="proof"),
    path("log/", log_show.log, name="log"),
    path("log/checkpoint", log_show.checkpoint, name="checkpoint"),
    path("log/vkeys", log_show.vkeys, name="vkeys"),
    path("check/", words.check, name="check"),
    path("help/", words.help_page, name="help"),
    path("tour/", tour.tour, name="tour"),
    path("tour/clock/", tour.clock, name="clock"),
    path("law/", law_show.law, name="law"),
    path("law/calendar/", calendar_show.calendar, name="calendar"),
    path("law/procedures/<str:procedure>/", law_show.procedure, name="procedure"),
    path("law/<str:rule>/", law_show.rule, name="rule"),
    path("robots.txt", words.robots, name="robots"),
    path("favicon.ico", words.favicon, name="favicon"),
    path("health", words.health, name="health"),
]
