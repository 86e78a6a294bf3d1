"""Screens of the audience: buyer, and the agency that acts for it."""

from yiwang.desks.buyer import (
    award_decide,
    award_notify,
    candidates_publicise,
    clarification_answer,
    contract_register,
    contract_sign,
    custody_appoint,
    custody_replace,
    objection_answer,
    tender_attach_document,
    tender_publish,
    tender_terminate,
)

__all__ = [
    "award_decide",
    "award_notify",
    "candidates_publicise",
    "clarification_answer",
    "contract_register",
    "contract_sign",
    "custody_appoint",
    "custody_replace",
    "objection_answer",
    "tender_attach_document",
    "tender_publish",
    "tender_terminate",
]
"""Importing them registers their screens."""
