"""Sealed bids, receipts and withdrawal."""
