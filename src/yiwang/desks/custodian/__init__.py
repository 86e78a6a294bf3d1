"""Screens of the audience: custodian. Importing this registers them."""

from yiwang.desks.custodian import custody_provide_key, custody_refuse, opening_release_key

__all__ = ["custody_provide_key", "custody_refuse", "opening_release_key"]
