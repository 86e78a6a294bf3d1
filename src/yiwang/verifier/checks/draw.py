"""Checks on the committee: the draw is redone from its seed, the names fit the leaves that were frozen before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel.canonical import digest
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.seal import draw as lottery
from yiwang.seal.shapes import from_base64
from yiwang.tlog.merkle import verify_consistency
from yiwang.verifier.checks import shares as sides
from yiwang.verifier.dossier import WITNESSED, Act, Dossier
from yiwang.verifier.report import Outcome, later, outcome

ALGORITHM = "permutation/v1"
BEACONS = ("draw.seat", "coefficient.reveal", "coefficient.forfeit", "award.reveal_lots", "award.forfeit_lots",
           "invitees.reveal", "invitees.forfeit")  # fmt: skip
"""Acts that state the beacon that their draw used."""
PARTIES = ("center", "host", "supervisor")
"""Sides that each give a share of the seed."""


def frozen(dossier: Dossier) -> Outcome:
    """The eligible list gives its root; the committee's size is lawful; three sides committed after the freeze."""
    freeze = dossier.last("draw.freeze_list")
    if freeze is None:
        return later("专家名单尚未锁定", "the list of experts is not frozen yet")
    public, faults = freeze.public, []
    leaves, process = public["leaves"], public["process"]
    if lottery.list_root(leaves) != public["list_root"] or leaves != sorted(leaves):
        faults.append(
            Text(
                f"{freeze}：名单与根不符，或未按叶子排序",
                f"{freeze}: the leaves do not give the root, or are out of order",
            )
        )
    if len(process["disciplines"]) != len(leaves) or process["algorithm"] != ALGORITHM:
        faults.append(Text(f"{freeze}：抽取规则与名单不符", f"{freeze}: the process does not fit the list"))
    size = sum(process["seats"].values())
    committee = dossier.law.committee.check(size, size)
    faults += [reason.message for reason in committee.reasons]
    seated = dossier.last("draw.carry") or freeze  # a committee that sits again was drawn before this round's opening
    confirmed = {act.role for act in dossier.all("opening.confirm") if act.index < seated.index}
    secret = dossier.law.admission is not None and dossier.law.admission.secret and dossier.last("opening.open") is None
    if not secret and ("center" not in confirmed or not confirmed & {"buyer", "agency"}):
        faults.append(
            Text(
                "开标记录未经招标方和见证人员确认就锁定名单",
                "frozen before host and observer had confirmed the opening record",
            )
        )
    commits = {act.public["party"]: act for act in dossier.all("draw.commit")}
    if len(commits) != len(dossier.all("draw.commit")) or not commits.keys() <= set(PARTIES):
        faults.append(Text("有一方提交了两次承诺，或不是三方之一", "a side committed twice, or is none of the three"))
    return outcome(
        faults,
        Text(
            f"{len(leaves)} 名专家的名单在 {len(commits)} 方提交承诺之前锁定",
            f"a list of {len(leaves)} was frozen before {len(commits)} sides committed",
        ),
    )


def beacon_sizes(acts: list[Act]) -> list[int]:
    """Sizes of the checkpoints that draws used as beacon: the dossier proves that they are of the same log."""
    return [act.public["beacon"]["size"] for act in acts if act.name in BEACONS]


def beacon(dossier: Dossier) -> Outcome:
    """The beacon is the root of this very log at a moment after all commitments and before the draw."""
    seat = dossier.last("draw.seat")
    proofs = dossier.proofs["consistency"]
    faults = []
    earlier = {name.removeprefix(WITNESSED) for name in dossier.archive.entries if name.startswith(WITNESSED)}
    if proofs.keys() != {str(size) for size in beacon_sizes(dossier.acts)} | earlier:
        faults.append(
            Text(
                "proofs.json 的一致性证明不是信标和较早检查点所需的",
                "proofs.json holds other consistency proofs than beacon and earlier checkpoints need",
            )
        )
    if seat is None:
        return (
            outcome(faults, Text("", ""))
            if faults
            else later("抽取过程自定标起公开", "the draw is public from the award")
        )
    size, root = seat.public["beacon"]["size"], bytes.fromhex(seat.public["beacon"]["root"])
    try:
        path = [from_base64(value, "hash", size=32) for value in proofs[str(size)]]
        verify_consistency(size, dossier.checkpoint.size, root, dossier.checkpoint.root, path)
    except (YiwangError, ValueError, KeyError) as error:
        faults.append(
            Text(f"信标不是本日志 {size} 条时的根（{error}）", f"the beacon is not this log's root at {size} ({error})")
        )
    faults += _timely(dossier, size, seat)
    seen = dossier.scratch.get("cosigned", {}).get(size) == root
    return outcome(
        faults,
        Text(
            f"信标是本日志 {size} 条时的根，在全部承诺之后、公开随机数之前产生{'，并经见证人签名' if seen else ''}",
            f"the beacon is this log's root at {size}, after all commitments and before any share was known"
            + (", cosigned by the witnesses" if seen else ""),
        ),
    )


def _timely(dossier: Dossier, size: int, seat: Act) -> Iterator[Text]:
    """The beacon came after all commitments and before anybody revealed."""
    given = [*dossier.all("draw.reveal"), *dossier.all("draw.forfeit")]
    for act in given:
        if act.public.get("beacon", seat.public["beacon"]) != seat.public["beacon"]:
            yield Text(f"{act}：载明的是另一信标", f"{act}: states another beacon")
    last = max((act.index for act in dossier.all("draw.commit")), default=-1)
    first = min((act.index for act in given), default=seat.index)
    if not last < size <= first:
        yield (
            Text(
                f"信标（{size} 条）不在全部承诺之后、首次公开随机数之前",
                f"the beacon (at {size}) is not after all commitments and before the first share was revealed",
            )
        )


def draw(dossier: Dossier) -> Outcome:
    """Seed, order and seats are computed again from list, shares and beacon; who stepped aside is followed by the next."""
    freeze, seat = dossier.last("draw.freeze_list"), dossier.last("draw.seat")
    if seat is None or freeze is None:
        return later("抽取过程自定标起公开", "the draw is public from the award")
    faults = list(_shares(dossier, seat.public["shares"]))
    seed = lottery.seed(
        version=ALGORITHM,
        list_root=freeze.public["list_root"],
        process=digest(freeze.public["process"]),
        shares=seat.public["shares"],
        beacon=seat.public["beacon"]["root"],
    )
    if seed.hex() != seat.public["seed"]:
        faults.append(Text(f"{seat}：种子不是由其组成部分算出的", f"{seat}: the seed does not follow from its parts"))
    walked = Seating(freeze.public["process"], seed)
    later_acts = [*dossier.all("draw.decline"), *dossier.all("draw.carry")]
    for act in [seat, *sorted(later_acts, key=lambda each: each.index)]:
        for leaf in act.public["left"] if act.name == "draw.carry" else () if act is seat else (act.public["leaf"],):
            walked.leave(leaf)
        if act.name == "draw.carry" and act.public["list_root"] != freeze.public["list_root"]:
            faults.append(Text(f"{act}：沿用的是另一份名单", f"{act}: rests on another list"))
        if walked.seats() != act.public["seats"]:
            faults.append(
                Text(f"{act}：席位不是按种子的次序应得的", f"{act}: the seats are not those that the order gives")
            )
    dossier.scratch["seats"] = walked.seats()
    return outcome(
        faults,
        Text(
            f"种子和次序重新算出，{len(walked.seats())} 个席位一致",
            f"seed and order computed again; {len(walked.seats())} seats agree",
        ),
    )


def _shares(dossier: Dossier, shares: dict[str, str]) -> Iterator[Text]:
    commits, given = sides.settled(dossier, "draw.commit", "draw.reveal", "draw.forfeit")
    revealed = {act.public["party"]: act.public["share"] for act in given}
    if {act.public["party"] for act in commits} != set(PARTIES):
        yield Text("三方没有都提交承诺", "the three sides did not all commit")
    if shares != revealed:
        yield Text("抽取所用随机数不是各方公开的", "the draw used other shares than those revealed")
    yield from sides.faults(commits, given)


class Seating:
    """Walks down the one order: the first who fit are seated, who leaves is followed by the next."""

    def __init__(self, process: dict[str, Any], seed: bytes) -> None:
        self._quotas: dict[str, int] = process["seats"]
        listed = process["disciplines"]
        self._order = [lottery.Candidate(str(n), tuple(listed[n])) for n in lottery.permutation(len(listed), seed)]
        self._gone: dict[str, lottery.Reply] = {}
        self._numbers: dict[int, tuple[int, str]] = {}
        self._walk()

    def leave(self, leaf: int) -> None:
        """Somebody steps aside."""
        self._gone[str(leaf)] = lottery.Reply.DECLINED
        self._walk()

    def _walk(self) -> None:
        answers = {each.name: self._gone.get(each.name, lottery.Reply.ACCEPTED) for each in self._order}
        for name, discipline in lottery.walk(self._order, answers, self._quotas).seated.items():
            if int(name) not in self._numbers:
                self._numbers[int(name)] = (len(self._numbers) + 1, discipline)

    def seats(self) -> list[dict[str, Any]]:
        """The seats taken now, by number, as acts state them."""
        here = sorted(
            (number, leaf, discipline)
            for leaf, (number, discipline) in self._numbers.items()
            if str(leaf) not in self._gone
        )
        return [{"seat": number, "leaf": leaf, "discipline": discipline} for number, leaf, discipline in here]


def committee(dossier: Dossier) -> Outcome:
    """The names given with the award notice are those behind the drawn leaves of the frozen list."""
    notice, freeze = dossier.last("award.notify"), dossier.last("draw.freeze_list")
    if notice is None or freeze is None:
        return later("评标委员会名单随中标通知书公开", "the committee's names are public with the award notice")
    faults = []
    leaves, named = freeze.public["leaves"], notice.public["committee"]
    seats = {item["seat"]: item["leaf"] for item in dossier.scratch.get("seats", [])}
    for item in named:
        if leaves[item["leaf"]] != lottery.leaf(bytes.fromhex(item["salt"]), item["code"]):
            faults.append(
                Text(
                    f"评委 {item['seat']}（{item['code']}）不是名单上抽中的人",
                    f"evaluator {item['seat']} ({item['code']}) is not who was drawn from the list",
                )
            )
    if {item["seat"]: item["leaf"] for item in named} != seats:
        faults.append(Text("公布的评委与抽取的席位不同", "the names given are not for the seats drawn"))
    return outcome(
        faults,
        Text(f"{len(named)} 名评委与锁定名单的叶子相符", f"{len(named)} evaluators fit the leaves of the frozen list"),
    )
