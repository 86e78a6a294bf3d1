"""Sealed bids (age files to k of n custodians), signatures, commitments and verifiable draws. Pure Python, no Django.

``padme`` sizes, ``keys`` custodians' one-time keys, ``signing`` personal signatures, ``manifest`` what a bid says,
``envelope`` sealing and checking, ``opening`` opening, ``commitment`` hashes for the log, ``draw`` draws.
"""
