"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path

from yiwang.desks.public import (
    calendar_show,
    check_show,
    evidence_show,
    hall_show,
    home,
    law_show,
    log_files,
    log_seen,
    log_show,
    log_witnesses,
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
    path("tenders/<str:number>/hall/", hall_show.hall, name="hall"),
    path("tenders/<str:number>/hall/now/<str:lang>/", hall_show.now, name="hall_now"),
    path("hall/clock", hall_show.clock, name="hall_clock"),
    path("tenders/<str:number>/notice/", tender_show.notice, name="notice"),
    path("tenders/<str:number>/evidence/", evidence_show.chain, name="chain"),
    path("evidence/<int:index>/", evidence_show.entry, name="evidence"),
    path("evidence/<int:index>/content.json", evidence_show.content, name="content"),
    path("evidence/<int:index>/proof", evidence_show.proof, name="proof"),
    path("log/", log_show.log, name="log"),
    path("log/about", log_show.about, name="about"),
    path("log/witnesses", log_witnesses.witnesses, name="witnesses"),
    path("log/seen", log_seen.seen, name="seen"),
    path("log/seen/proof", log_seen.seen_proof, name="seen_proof"),
    path("log/checkpoint", log_files.checkpoint, name="checkpoint"),
    path("log/tile/<path:rest>", log_files.tile, name="tile"),
    path("log/ended/<str:name>/<path:rest>", log_files.ended, name="ended"),
    path("log/handover.json", log_files.handover, name="handover"),
    path("log/vkeys", log_files.vkeys, name="vkeys"),
    path("log/policy", log_files.policy, name="policy"),
    path("check/", check_show.check, name="check"),
    path("check/yiwang-check.html", check_show.offline, name="offline_check"),
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
