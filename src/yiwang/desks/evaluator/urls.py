"""Addresses of the evaluator's desk; included at ``desk/``."""

from __future__ import annotations

from django.urls import path

from yiwang.desks.evaluator.bid_documents import document

app_name = "evaluator"
urlpatterns = [
    path("tenders/<str:number>/bids/<uuid:bid>/documents/<str:sha256>/", document, name="document"),
]
