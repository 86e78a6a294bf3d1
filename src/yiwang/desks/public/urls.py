"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path

from yiwang.desks.public import evidence_show, home, law_show, log_show, tender_list, tender_show, words

app_name = "public"
urlpatterns = [
    path("", home.home, name="home"),
    path("tenders/", tender_list.tenders, name="tenders"),
    path("results/", tender_list.results, name="results"),
    path("tenders/<str:number>/", tender_show.tender, name="tender"),
    path("tenders/<str:number>/documents/<str:sha256>/", tender_show.document, name="document"),
    path("tenders/<str:number>/dossier.zip", tender_show.dossier, name="dossier"),
    path("tenders/<str:number>/evidence/", evidence_show.chain, name="chain"),
    path("evidence/<int:index>/", evidence_show.entry, name="evidence"),
    path("log/", log_show.log, name="log"),
    path("log/checkpoint", log_show.checkpoint, name="checkpoint"),
    path("log/vkeys", log_show.vkeys, name="vkeys"),
    path("check/", words.check, name="check"),
    path("help/", words.help_page, name="help"),
    path("tour/", words.tour, name="tour"),
    path("law/", law_show.law, name="law"),
    path("law/calendar/", law_show.calendar, name="calendar"),
    path("law/<str:rule>/", law_show.rule, name="rule"),
    path("health", words.health, name="health"),
]
