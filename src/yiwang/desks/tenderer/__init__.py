"""Screens of the audience: tenderer. Importing this registers them."""

from yiwang.desks.tenderer import bid_deliver, bid_submit, bid_withdraw, clarification_ask, hall_ask, objection_raise

__all__ = ["bid_deliver", "bid_submit", "bid_withdraw", "clarification_ask", "hall_ask", "objection_raise"]
