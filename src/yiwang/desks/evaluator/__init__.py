"""Screens of the audience: evaluator. Importing this registers them."""

from yiwang.desks.evaluator import (
    draw_decline,
    evaluation_ask_price,
    evaluation_conclude,
    evaluation_correct_price,
    evaluation_correct_sheet,
    evaluation_declare,
    evaluation_judge_price,
    evaluation_quantify,
    evaluation_sign_report,
    evaluation_submit_sheet,
    evaluation_vote_price,
    negotiation_change,
    negotiation_close,
    negotiation_talk,
)

__all__ = [
    "draw_decline",
    "evaluation_ask_price",
    "evaluation_conclude",
    "evaluation_correct_price",
    "evaluation_correct_sheet",
    "evaluation_declare",
    "evaluation_judge_price",
    "evaluation_quantify",
    "evaluation_sign_report",
    "evaluation_submit_sheet",
    "evaluation_vote_price",
    "negotiation_change",
    "negotiation_close",
    "negotiation_talk",
]
