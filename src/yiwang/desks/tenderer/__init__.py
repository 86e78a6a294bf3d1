"""Screens of the audience: tenderer. Importing this registers them."""

from yiwang.desks.tenderer import (
    bid_deliver,
    bid_submit,
    bid_withdraw,
    clarification_ask,
    complaint_file,
    evaluation_confirm_price,
    evaluation_explain_price,
    framework_apply,
    hall_ask,
    objection_raise,
    objection_withdraw,
    source_object,
)

__all__ = [
    "bid_deliver",
    "bid_submit",
    "bid_withdraw",
    "clarification_ask",
    "complaint_file",
    "evaluation_confirm_price",
    "evaluation_explain_price",
    "framework_apply",
    "hall_ask",
    "objection_raise",
    "objection_withdraw",
    "source_object",
]
