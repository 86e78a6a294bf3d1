"""What all draws share: who gave which share, who let the time to reveal pass, and that the center revealed first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.rules import limit
from yiwang.kernel.text import Text
from yiwang.seal import draw
from yiwang.seal.public_draw import FORFEITED
from yiwang.verifier.dossier import Act, Dossier

CENTER = "center"
LIMITS = {"draw.forfeit": "NL-37", "coefficient.forfeit": "NL-36", "award.forfeit_lots": "NL-37", "invitees.forfeit": "NL-37"}
_ROLES = {"host": ("buyer", "agency"), "center": ("center",), "supervisor": ("supervisor",)}


def settled(dossier: Dossier, commit: str, reveal: str, forfeit: str = "") -> tuple[list[Act], list[Act]]:
    """The commitments, and the acts by which shares came to stand, reveals and forfeits, by index."""
    given = sorted([*dossier.all(reveal), *dossier.all(forfeit)], key=lambda act: act.index)
    return dossier.all(commit), given


def faults(commits: list[Act], given: list[Act], *, ordered: bool = True) -> Iterator[Text]:
    """Each share is the one committed to; a forfeit names who was due, after the time, by another; the center comes first.

    Args:
        ordered: the draw is one in which the center has to come first.
    """
    committed = {act.public["party"]: act.public["commitment"] for act in commits}
    seen: dict[str, Act] = {}
    for act in given:
        party = act.public["party"]
        if party in seen or party not in committed:
            yield Text(f"{act}：{party} 没有待公开的承诺", f"{act}: {party} has no commitment left to reveal")
        if ordered and party != CENTER and CENTER in committed and CENTER not in seen:
            yield Text(f"{act}：交易中心没有先公开", f"{act}: the center had not revealed first")
        if act.name in LIMITS:
            yield from _forfeit(act, [*commits, *seen.values()], seen)
        elif not _opens(committed.get(party), act.public["share"]):
            yield Text(f"{party} 公开的随机数与承诺不符", f"the share of {party} is not the one committed to")
        seen[party] = act


def _opens(commitment: str | None, share: str) -> bool:
    try:
        return draw.commitment(bytes.fromhex(share)) == commitment
    except (ValueError, YiwangError):
        return False


def _forfeit(act: Act, before: list[Act], seen: dict[str, Act]) -> Iterator[Text]:
    party, minutes = act.public["party"], limit(LIMITS[act.name])["minutes"]
    if act.role in _ROLES.get(party, ()):
        yield Text(f"{act}：自己登记自己逾期", f"{act}: recorded by that very side")
    last = max((each.at for each in before if each.index < act.index), default=act.at)
    if act.at < last + timedelta(minutes=minutes):
        yield Text(f"{act}：公开的期限（{minutes} 分钟）还没有过", f"{act}: the {minutes} minutes to reveal had not passed")
    others = {each.public["party"] for each in before} - {party, CENTER}
    alone = all(name in seen and seen[name].name in LIMITS for name in others)
    if not alone and act.public["share"] != FORFEITED:
        yield Text(f"{act}：逾期一方的随机数应按零计", f"{act}: the share of a side that is overdue is zeros")
    if alone and (act.role != "supervisor" or act.public["share"] == FORFEITED):
        yield Text(f"{act}：只剩交易中心的随机数", f"{act}: no share but the center's remains")
