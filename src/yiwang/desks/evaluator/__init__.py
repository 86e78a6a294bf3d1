"""Screens of the audience: evaluator. Importing this registers them."""

from yiwang.desks.evaluator import (
    draw_decline,
    evaluation_conclude,
    evaluation_declare,
    evaluation_sign_report,
    evaluation_submit_sheet,
)

__all__ = ["draw_decline", "evaluation_conclude", "evaluation_declare", "evaluation_sign_report", "evaluation_submit_sheet"]
