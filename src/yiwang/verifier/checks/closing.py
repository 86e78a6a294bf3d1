"""Checks on the closing: which bids were in time, whose bytes came in the grace, which were replaced or never came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from yiwang.kernel.text import Text
from yiwang.seal.commitment import bid_commitment, commitments_root
from yiwang.verifier.checks.clock import moments
from yiwang.verifier.dossier import Act, Dossier
from yiwang.verifier.report import Outcome, later, outcome

FACTS = (
    "tender",
    "lot",
    "round",
    "tenderer",
    "envelope_sha256",
    "envelope_size",
    "manifest_sha256",
    "commit_salt",
    "commitment",
    "client",
)
"""What the act that began a bid and the opening record both say of it."""
DELIVERED = ("tender", "lot", "tenderer", "envelope_sha256", "envelope_size", "commitment", "client")
"""What an act of delivery repeats of the commitment."""
LISTS = ("bids", "undelivered", "replaced", "returned")
"""Where the opening record lists bids: opened; committed to and never delivered; replaced after the closing; returned
unopened."""

Row = dict[str, Any]


def record_of(dossier: Dossier) -> Row:
    """The opening record; {} before the opening."""
    opened = dossier.last("opening.open")
    return opened.public["record"] if opened else {}


def members_of(bid: Row) -> Row:
    """The members of a joint bid as results name them, under ``joint``; {} when one firm bids."""
    members = [{"tenderer": member["tenderer"], "name": member["name"]} for member in bid.get("joint", ())]
    return {"joint": members} if members else {}


def closing_of(dossier: Dossier) -> Act | None:
    """The entry that closed bidding: the closing, or the failure for too few bids."""
    failed = [act for act in dossier.all("tender.fail") if act.subject == dossier.chain and "commitments" in act.public]
    return dossier.last("opening.close") or (failed[-1] if failed else None)


def bytes_until(dossier: Dossier) -> datetime | None:
    """Until when bytes of committed bids might come: the deadline and the grace that the notice gives."""
    deadline = moments(dossier).get("bid.deadline")
    return deadline and deadline + timedelta(minutes=dossier.facts.get("upload_grace_minutes", 0))


def closing(dossier: Dossier) -> Outcome:
    """Every bid of the record was in the log before the closing entry and is under its root; none under it is left out."""
    close = closing_of(dossier)
    if close is None:
        return later("投标尚未截止", "bidding is not closed yet")
    faults = []
    commitments = close.public["commitments"]
    if commitments_root(commitments) != close.public["bids_root"] or len(commitments) != close.public["count"]:
        faults.append(
            Text(
                f"{close}：承诺清单与根或份数不符", f"{close}: its list of commitments does not give its root or count"
            )
        )
    record = record_of(dossier)
    if record:
        faults += _under_root(dossier, record, close)
        faults += _bytes(dossier, record, close)
        return outcome(faults, _fine(record, close))
    return outcome(
        faults,
        Text(
            f"{len(commitments)} 份承诺与截止根一致；投标自开标起公开",
            f"{len(commitments)} commitments give the closing root; bids are public from the opening",
        ),
    )


def _fine(record: Row, close: Act) -> Text:
    count = len(close.public["commitments"])
    zh = f"{count} 份投标在截止条目（第 {close.index} 号）之前且都在截止根之下"
    en = f"{count} bids stand before the closing entry ({close.index}) and under its root"
    missing, gone = len(record.get("undelivered", ())), len(record.get("replaced", ()))
    if missing:
        zh, en = zh + f"；{missing} 份的文件没有传来", en + f"; the files of {missing} never came"
    if gone:
        zh, en = zh + f"；{gone} 份在宽限内被替换", en + f"; {gone} were replaced in the grace"
    if back := len(record.get("returned", ())):
        zh, en = zh + f"；{back} 份因未通过第一信封没有开启", en + f"; {back} stay closed, their tenderers did not pass the first envelope"
    if ahead := len(close.public.get("dated_after", ())):
        zh += f"；其中 {ahead} 份所载时刻晚于截止条目：当时中心的时钟与见证人不一致，先后以日志序号为准"
        en += f"; {ahead} of them are dated after it: the clock was disputed by the witnesses then, and the log's order counts"
    return Text(zh, en)


def _under_root(dossier: Dossier, record: Row, close: Act) -> Iterator[Text]:
    if record["bids_root"] != close.public["bids_root"]:
        yield Text("开标记录的根不是截止根", "the opening record's root is not the closing root")
    listed = [bid for name in LISTS for bid in record.get(name, ())]
    opened = [bid["commitment"] for bid in listed]
    for commitment in sorted(set(close.public["commitments"]) - set(opened)):
        yield Text(
            f"截止根下的投标 {commitment[:16]}… 没有开标",
            f"bid {commitment[:16]}… under the closing root was not opened",
        )
    for commitment in sorted(set(opened) - set(close.public["commitments"])):
        yield Text(
            f"投标 {commitment[:16]}… 不在截止根之下：迟到或事后加入",
            f"bid {commitment[:16]}… is not under the closing root: late, or slipped in",
        )
    if len(set(opened)) != len(opened):
        yield Text("同一投标列了两次", "a bid is listed twice")
    begun = _begun(dossier)
    for subject in sorted(begun.keys() - {bid["bid"] for bid in listed}):
        yield Text(f"{begun[subject]}：开标记录没有这份投标", f"{begun[subject]}: the opening record does not list it")
    for bid in listed:
        yield from _submitted(dossier, bid, begun.get(bid["bid"]), close)


def _begun(dossier: Dossier) -> dict[str, Act]:
    """The acts that began a bid, by its chain: submission, or commitment."""
    return {act.subject: act for act in (*dossier.all("bid.submit"), *dossier.all("bid.commit"))}


def _submitted(dossier: Dossier, bid: Row, act: Act | None, close: Act) -> Iterator[Text]:
    if act is None:
        yield Text(f"{bid['bid']}：缺少投标行为", f"{bid['bid']}: its act of submission is missing")
        return
    if act.index >= close.index:
        yield Text(
            f"{act}：第 {act.index} 号，在截止条目（第 {close.index} 号）之后",
            f"{act}: entry {act.index}, after the closing entry {close.index}",
        )
    if act.at > close.at and bid["commitment"] not in close.public.get("dated_after", ()):
        yield Text(f"{act}：时间晚于截止条目", f"{act}: is dated after the closing entry")
    if (
        any(act.public.get(key) != bid.get(key) for key in FACTS)
        or act.public["tender"] != dossier.tender
        or act.party != bid["tenderer"]
    ):
        yield Text(f"{act}：与开标记录不一致", f"{act}: differs from the opening record")
    salt = bytes.fromhex(bid["commit_salt"])
    if (
        bid_commitment(salt, bid["lot"], bid["tenderer"], bid["envelope_sha256"], bid["manifest_sha256"])
        != bid["commitment"]
    ):
        yield Text(f"{act}：承诺不是由其内容算出的", f"{act}: its commitment does not follow from its parts")


def _bytes(dossier: Dossier, record: Row, close: Act) -> Iterator[Text]:
    """Bytes came before keys were known and within the grace; who replaced whom, and what never came, follows from that."""
    begun, delivered = _begun(dossier), {act.subject: act for act in dossier.all("bid.deliver")}
    until = bytes_until(dossier)
    released = dossier.all("opening.release_key")
    for act in (*released, *dossier.all("opening.open")):
        if until and act.at < until:
            yield Text(f"{act}：早于宽限结束", f"{act}: before the grace for uploads was over")
    if len(delivered) != len(dossier.all("bid.deliver")):
        yield Text("同一投标有两次送达", "a bid was delivered twice")
    for subject, act in sorted(delivered.items()):
        began = begun.get(subject)
        disputed = began is not None and began.public.get("commitment") in close.public.get("dated_after", ())
        yield from _delivery(act, began, None if disputed else until, released)
    at = {subject: act.index for subject, act in begun.items()}
    yield from _opened(record, begun, delivered)
    opened = {(bid["tenderer"], bid["lot"]): bid for bid in record["bids"]}
    for bid in record.get("undelivered", ()):
        yield from _undelivered(bid, begun, delivered, at, opened)
    for bid in record.get("replaced", ()):
        newer = opened.get((bid["tenderer"], bid["lot"]), {}).get("bid", "")
        came = delivered.get(newer)
        if newer != bid["by"] or came is None or came.index < close.index or at.get(newer, -1) < at.get(bid["bid"], -1):
            yield Text(
                f"{bid['bid']}：没有在宽限内被同一投标人较晚的投标替换",
                f"{bid['bid']}: was not replaced, in the grace, by a later bid of the same tenderer",
            )


def _delivery(act: Act, began: Act | None, until: datetime | None, released: list[Act]) -> Iterator[Text]:
    if began is None or began.name != "bid.commit" or began.index > act.index:
        yield Text(f"{act}：此前没有登记", f"{act}: nothing was committed to before")
        return
    if any(act.public.get(key) != began.public.get(key) for key in DELIVERED) or act.party != began.party:
        yield Text(f"{act}：送达的不是登记的文件", f"{act}: another file came than was committed to")
    if until and act.at >= until:
        yield Text(f"{act}：晚于公告的宽限", f"{act}: came after the grace that the notice gave")
    if any(each.index < act.index for each in released):
        yield Text(f"{act}：在密钥公布之后", f"{act}: came after a key was released")


def _opened(record: Row, begun: dict[str, Act], delivered: dict[str, Act]) -> Iterator[Text]:
    places = [(bid["tenderer"], bid["lot"], bid["round"]) for bid in record["bids"]]
    if len(set(places)) != len(places):
        yield Text("同一投标人有两份投标被打开", "two bids of one tenderer were opened")
    for bid in record["bids"]:
        act = begun.get(bid["bid"])
        if act and act.name == "bid.commit" and bid["bid"] not in delivered:
            yield Text(f"{bid['bid']}：文件没有送达却被打开", f"{bid['bid']}: was opened though its file never came")


def _undelivered(
    bid: Row, begun: dict[str, Act], delivered: dict[str, Act], at: dict[str, int], opened: dict[tuple[str, str], Row]
) -> Iterator[Text]:
    act, fault = begun.get(bid["bid"]), bid["fault"] or {}
    if (fault.get("cause"), fault.get("whose"), bid["price"]) != ("not_delivered", "tenderer", None):
        yield Text(f"{bid['bid']}：没有写明文件未送达", f"{bid['bid']}: does not say that its file never came")
    if bid["bid"] in delivered or act is None or act.name != "bid.commit":
        yield Text(f"{bid['bid']}：文件已经送达，却没有打开", f"{bid['bid']}: its file came, and it was not opened")
    stands = opened.get((bid["tenderer"], bid["lot"]))
    if stands and at.get(stands["bid"], -1) > at.get(bid["bid"], -1):
        yield Text(f"{bid['bid']}：已被较晚的投标替换", f"{bid['bid']}: a later bid had replaced it")
