"""Addresses of the desks: what waits, one's tenders, one tender, one act, one receipt."""

from __future__ import annotations

from django.urls import path

from yiwang.desks import home, screens

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("tenders/", home.tenders_list, name="tenders"),
    path("tenders/enter/", home.tender_enter, name="tender_enter"),
    path("tenders/<str:number>/", home.tender_page, name="tender"),
    path("tenders/<str:number>/<str:act>/", screens.act_page, name="act"),
    path("receipts/<int:pk>/", home.receipt, name="receipt"),
    path("notifications/", home.notifications, name="notifications"),
]
