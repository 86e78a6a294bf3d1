"""A draw of lots or of a coefficient in public: each party commits to a share, a later root of the log enters, all reveal.

The parts are those of the draw of experts (:mod:`.draw`): what is drawn from is fixed before anybody commits, no share is
known before all have committed, and the beacon was known to nobody then. Anybody computes the result again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yiwang.kernel.canonical import digest
from yiwang.seal import draw

ALGORITHM = "public-draw/v1"

FORFEITED = "00" * 32
"""The share, by rule, of a side that committed and did not reveal in time: nobody chose it."""

State = dict[str, Any]
"""``{"process", "shares": {party: {"commitment", "share"}}, "beacon", "seed", "coefficient", "order"}`` as far as it went."""


def process(purpose: str, tender: str, parties: Sequence[str], *, choices: Sequence[str] = (), among: Sequence[str] = ()) -> dict[str, Any]:
    """What is drawn, fixed by the first act of the draw.

    Args:
        purpose: ``coefficient`` in the opening hall, ``award`` among candidates.
        parties: who gives a share.
        choices: coefficients of which one is drawn.
        among: names whose order is drawn; they are put in order here, so that nobody chooses it.
    """
    return {
        "algorithm": ALGORITHM, "purpose": purpose, "tender": tender, "parties": sorted(parties),
        "choices": list(choices), "among": sorted(among),
    }  # fmt: skip


def result(fixed: Mapping[str, Any], shares: Mapping[str, str], beacon: str) -> dict[str, Any]:
    """Seed (hex), coefficient (None when none is drawn) and order (empty when none) that follow from the parts.

    Args:
        fixed: from :func:`process`. shares: party to hex share. beacon: hex root of the log.

    Raises:
        ValueError: a share is malformed, or shares are not those of the parties.
    """
    if sorted(shares) != sorted(fixed["parties"]):
        raise ValueError("the shares are not those of the parties")
    seed = draw.seed(
        version=ALGORITHM, list_root=digest(list(fixed["among"])), process=digest(dict(fixed)), shares=shares, beacon=beacon
    )
    names = fixed["among"]
    return {
        "seed": seed.hex(),
        "coefficient": draw.pick(seed, fixed["choices"]) if fixed["choices"] else None,
        "order": [names[place] for place in draw.permutation(len(names), seed)] if names else [],
    }


def after(state: State, step: str, public: Mapping[str, Any]) -> State:
    """The state of a draw after an act (``commit``, ``reveal`` or ``forfeit``), from ``{}``; rows and audit use the same fold."""
    found: State = {**state, "shares": {name: dict(each) for name, each in state.get("shares", {}).items()}}
    if step == "commit":
        found["process"] = public["process"]
        found["shares"][public["party"]] = {"commitment": public["commitment"]}
        return found
    found["shares"][public["party"]]["share"] = public["share"]
    if step == "forfeit":
        found["shares"][public["party"]]["forfeited"] = True
    found["beacon"] = public["beacon"]
    return {**found, **{key: public[key] for key in ("seed", "coefficient", "order") if key in public}}


def committed(state: State) -> bool:
    """Whether all parties have committed."""
    return bool(state) and sorted(state["shares"]) == state["process"]["parties"]


def revealed(state: State) -> bool:
    """Whether all shares are known; then the result is, too."""
    return committed(state) and all(each.get("share") for each in state["shares"].values())


def done(state: State) -> bool:
    """Whether the result is known."""
    return bool(state.get("seed"))
