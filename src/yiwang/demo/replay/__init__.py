"""Replay: real auctions, each played as a tender through all steps, our winner compared with the recorded one."""
