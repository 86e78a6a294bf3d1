"""Names of clock events in procedures that the law calls otherwise: a prequalification (资格预审), a negotiation (谈判), a
consultation (磋商), an inquiry (询价) and a framework agreement (框架协议) have periods of their own."""

from __future__ import annotations

PREQUALIFICATION = {
    "notice.published": "prequal_notice.published",
    "tender_doc.issue_start": "prequal_doc.issue_start",
    "tender_doc.issue_end": "prequal_doc.issue_end",
    "tender_clarification.issue": "prequal_clarification.issue",
    "tender_doc_objection.submit": "prequal_objection.submit",
    "bid.deadline": "prequal_app.deadline",
}

NEGOTIATION = {
    "tender_doc.issue_start": "negotiation_doc.issue_start",
    "tender_clarification.issue": "negotiation_clarification.issue",
    "bid.deadline": "first_response.deadline",
}
CONSULTATION = {
    "tender_doc.issue_start": "consultation_doc.issue_start",
    "tender_doc.issue_end": "consultation_doc.issue_end",
    "tender_clarification.issue": "consultation_clarification.issue",
    "bid.deadline": "first_response.deadline",
}
INQUIRY = {
    "tender_doc.issue_start": "inquiry_doc.issue_start",
    "tender_clarification.issue": "inquiry_clarification.issue",
    "bid.deadline": "response.deadline",
}
FRAMEWORK = {
    "tender_doc.issue_start": "collection_doc.issue_start",
    "bid.deadline": "application.deadline",
}
BY_METHOD = {
    "prequalification": PREQUALIFICATION,
    "negotiation": NEGOTIATION,
    "consultation": CONSULTATION,
    "inquiry": INQUIRY,
    "framework_closed": FRAMEWORK,
}


def event_of(method: str, event: str) -> str:
    """The clock's name of an event in a procedure of this method."""
    return BY_METHOD.get(method, {}).get(event, event)
