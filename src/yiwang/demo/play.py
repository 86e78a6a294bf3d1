"""Plays a tender through its whole life: every act through the door, every bid sealed and opened for real.

Used by the demo city, by ``yiwang replay`` and by journey tests, so that all three walk the same road.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from time import monotonic as time_of_machine
from time import sleep
from typing import Any

from yiwang.demo.cast import Cast, Player
from yiwang.demo.script import Script
from yiwang.demo.stage import Stage
from yiwang.kernel import moment
from yiwang.kernel.canonical import canonical
from yiwang.modules.awards import acts as awards
from yiwang.modules.awards import selectors as award_reads
from yiwang.modules.bids import acts as bids
from yiwang.modules.bids import selectors as bid_reads
from yiwang.modules.bids import uploads
from yiwang.modules.contracts import acts as contracts
from yiwang.modules.contracts import selectors as contract_reads
from yiwang.modules.evaluations import acts as evaluations
from yiwang.modules.evidence import files, sequencer
from yiwang.modules.evidence import selectors as evidence_reads
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.experts import acts as experts
from yiwang.modules.experts import selectors as expert_reads
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import selectors as opening_reads
from yiwang.modules.tenders import acts as tenders
from yiwang.modules.tenders import rules
from yiwang.modules.tenders import selectors as tender_reads
from yiwang.modules.tenders.selectors import law_of
from yiwang.seal import draw as lottery
from yiwang.seal import envelope, keys
from yiwang.seal.manifest import CLIENT, Context, Custodians
from yiwang.seal.payload import SealFile

OPENING_HOUR = time(9, 30)


def possession(actor: Any, number: str, key: keys.CustodianKey) -> dict[str, str]:
    """Public key, challenge and answer, as the act of giving a key takes them; answered as the custodian's machine does."""
    challenge = openings.possession_challenge(actor=actor, tender=number, recipient=key.recipient)
    answer = keys.answer(key.identity, keys.challenge_in(challenge)).hex()
    return {"recipient": key.recipient, "challenge": challenge, "answer": answer}


class Play:
    """One tender on the stage. Call the steps in order, or :meth:`until` a state."""

    def __init__(self, cast: Cast, stage: Stage, script: Script) -> None:
        self.cast, self.stage, self.script = cast, stage, script
        self.number = ""
        self.custody_keys: dict[str, keys.CustodianKey] = {}
        self._held: Any = None
        self.host: Player = cast.agency if script.by_agency else cast.buyer
        self.custodians: list[Player] = list(cast.custodians)

    @property
    def tender(self) -> Any:
        """The tender as it is now; within a step as it was when the step began."""
        if self._held is None:
            return tender_reads.tender(SYSTEM, self.number)
        return self._held

    def until(self, state: str) -> Play:
        """Play on until the tender has reached a state (or has failed)."""
        with moment.clock_at(self.stage):
            now = self._look()
            while now not in (state, *ENDS):
                for step in steps_of(self._held) if now else (Play.enter,):
                    step(self)
                    before, now = now, self._look()
                    if now != before:
                        break
            self._held = None
        return self

    def _look(self) -> str:
        """The tender's state now; holds the tender for the next step, since every look costs a query."""
        self._held = None
        self._held = self.tender if self.number else None
        return self._held.state if self._held else ""

    # each step below is one act, or the same act by several people

    def enter(self) -> None:
        """进场登记."""
        script = self.script
        other = self.cast.buyer if script.by_agency else self.cast.agency
        entered = tenders.enter(
            actor=self.host.actor,
            title=script.title,
            category=script.category,
            budget=script.budget or script.ceiling or 1,
            ceiling=script.ceiling,
            minimum=script.minimum,
            formula=script.formula,
            procedure=script.procedure,
            counterpart=other.actor.organisation.uscc,
            description=script.description,
            region="滨海市",
            contact="滨海市公共资源交易中心 0000-0000000",
            source=script.source,
            upload_grace_minutes=script.upload_grace_minutes,
            joint_bids_allowed=script.joint_bids,
            **script.more,
        )
        self.number = entered.number
        self.stage.wait(minutes=20)

    def prepare(self) -> None:
        """The tender document and the custodians with their one-time keys, where bids are sealed."""
        if self.custody_keys:
            return  # an interrupted play goes on where it was
        text = self.script.document or f"{self.script.title}\n招标文件\n{self.script.description}\n".encode()
        content = files.store([text], types=files.TYPES)
        tenders.attach_document(
            actor=self.host.actor, tender=self.number, kind="tender_document", title="招标文件", filename="招标文件.txt", content=content
        )
        if not law_of(self.tender).sealed:
            return
        openings.appoint_custodians(
            actor=self.host.actor, tender=self.number, custodians=[each.person.username for each in self.custodians]
        )
        for each in self.custodians:
            self.provide_key(each)
        self.stage.wait(hours=1)

    def provide_key(self, custodian: Player) -> None:
        """A custodian makes a one-time key and gives its public half."""
        name = custodian.person.username
        ring = self.cast.ring
        key = ring.new_custody_key(self.number, name) if ring else keys.new_custodian_key()
        self.custody_keys[name] = key
        openings.provide_key(actor=custodian.actor, tender=self.number, **possession(custodian.actor, self.number, key))

    def publish(self) -> None:
        """发布招标公告, with the earliest lawful deadline."""
        start, procedure = self.stage(), law_of(self.tender)
        issued = max(start + timedelta(days=8), rules.earliest(procedure, rules.DOCUMENT_ISSUE, start))
        deadline = self.script.deadline or earliest_deadline(self.tender, start, issued)
        tenders.publish(actor=self.host.actor, tender=self.number, issue_end=min(deadline, issued), deadline=deadline)
        self.stage.wait(days=2)

    def submit_bids(self) -> None:
        """Every firm seals its bid on its own and hands it in."""
        for firm, price in self.script.bids:
            self.submit(firm, price)
            self.stage.wait(minutes=3)

    def submit(self, firm: str, price: int | None) -> Any:
        """One firm seals and submits a bid at a price in fen."""
        player = self.cast.tenderer(firm)
        tender = self.tender
        sealed, content = sealed_bid(tender, player, price)
        stored = uploads.keep([content], player.actor, self.number)
        return bids.submit(actor=player.actor, tender=self.number, content=stored, manifest_sha256=sealed.manifest_sha256)

    def commit(self, firm: str, price: int | None) -> bytes:
        """One firm seals a bid and commits to it; gives the sealed file, which is still to be delivered."""
        player = self.cast.tenderer(firm)
        sealed, content = sealed_bid(self.tender, player, price)
        bids.commit(
            actor=player.actor, tender=self.number, envelope_sha256=sealed.sha256, envelope_size=sealed.size,
            manifest_sha256=sealed.manifest_sha256, client=CLIENT,
        )  # fmt: skip
        return content

    def deliver(self, firm: str, content: bytes) -> Any:
        """The sealed file that a firm committed to has come."""
        actor = self.cast.tenderer(firm).actor
        return bids.deliver(actor=actor, tender=self.number, content=uploads.keep([content], actor, self.number))

    def close(self) -> None:
        """At the deadline the system closes bidding."""
        self.stage.to(self.tender.deadline)
        openings.close(tender=self.number)

    def open_bids(self) -> None:
        """Once the grace is over as many custodians as needed release their keys; the host opens."""
        self.stage.to(self.tender.bytes_until)
        self.release_keys(self.custodians[: self.tender.custody_threshold])
        self.stage.wait(minutes=10)
        openings.open_bids(actor=self.host.actor, tender=self.number)

    def release_keys(self, custodians: list[Player]) -> None:
        """Some custodians publish their one-time keys."""
        for each in custodians:
            key = self.custody_keys[each.person.username]
            openings.release_key(actor=each.actor, tender=self.number, identity=key.identity)

    def confirm(self) -> None:
        """Host, observer and first tenderer confirm the record."""
        first = [self.cast.tenderer(firm) for firm, _ in self.script.bids[:1]]
        for each in [self.host, self.cast.center, *first]:
            self.confirm_as(each)
        self.stage.wait(minutes=15)

    def confirm_as(self, who: Player) -> None:
        """One of those present confirms the record."""
        opening = opening_reads.opening(self.tender)
        assert opening is not None
        content = openings.confirmation_statement(opening)
        openings.confirm(actor=who.actor, tender=self.number, **who.sign("opening-record", content))

    def draw(self) -> None:
        """The list is frozen, three sides commit and reveal, the committee is seated."""
        experts.freeze_list(actor=self.cast.center.actor, tender=self.number, seats=self.script.seats)
        sides = [self.cast.center, self.host, self.cast.supervisor]  # the center reveals first
        shares = [secrets.token_bytes(32) for _ in sides]
        for each, share in zip(sides, shares, strict=True):
            drawn = experts.commit(actor=each.actor, tender=self.number, commitment=lottery.commitment(share))
        wait_for_log(drawn.last_commit)
        for each, share in zip(sides, shares, strict=True):
            experts.reveal(actor=each.actor, tender=self.number, share=share.hex())
        experts.seat(actor=self.cast.center.actor, tender=self.number)
        self.stage.wait(hours=2)

    def score(self, *, without: tuple[str, ...] = ()) -> None:
        """Every evaluator, but those without whom it is played, declares and hands in a signed sheet."""
        opened = [bid for bid in bid_reads.opened(self.tender) if bid.standing == "opened"]
        for seat, each in self._committee():
            if each.person.username in without:
                continue
            if not hasattr(seat, "declaration"):  # a group that negotiates has declared before
                evaluations.declare(
                    actor=each.actor, tender=self.number, **each.sign("no-conflict", {"tender": self.number})
                )
            sheet = self.sheet_of(seat, opened)
            content = evaluations.sheet_statement(self.number, sheet)
            evaluations.submit_sheet(
                actor=each.actor, tender=self.number, sheet=sheet, **each.sign("score-sheet", content)
            )
        self.stage.wait(hours=1)

    def report(self) -> None:
        """The report is made and signed by all."""
        made = evaluations.conclude(actor=self._committee()[0][1].actor, tender=self.number)
        if made is None:
            return
        for _, each in self._committee():
            content = evaluations.report_statement(self.number, made.sha256, "")
            evaluations.sign_report(
                actor=each.actor, tender=self.number, **each.sign("evaluation-report", content)
            )
        self.stage.wait(hours=3)

    def publicise(self) -> None:
        """公示中标候选人 for the lawful days."""
        ends = self.script.publicity_until or earliest_publicity_end(self.tender, self.stage())
        awards.publicise(actor=self.host.actor, tender=self.number, ends=ends)

    def award(self) -> None:
        """After the publicity, where there is one, the buyer decides for the first candidate and signs the notice."""
        tender = self.tender
        if "candidate_publicity.end" in tender.events:
            self.stage.to(moment.from_stamp(tender.events["candidate_publicity.end"]))
        buyer = self.cast.buyer
        made = award_reads.award(buyer.actor, tender)
        if made is None:
            made = awards.decide(actor=buyer.actor, tender=self.number, bid=award_reads.due(tender)["bid"])
        awards.notify(
            actor=buyer.actor, tender=self.number, **buyer.sign("award-notice", awards.notice_statement(made))
        )
        self.stage.wait(days=3)

    def contract(self) -> None:
        """Both sides sign; the contract is registered."""
        tender = self.tender
        content = contracts.contract_content(tender)
        winner = self.cast.tenderer(tender.award.tenderer.name)
        signed = contract_reads.contract(tender)
        for side, each in (("buyer", self.cast.buyer), ("supplier", winner)):
            if signed is not None and getattr(signed, f"{side}_signature"):
                continue  # an interrupted play goes on where it was
            contracts.sign(actor=each.actor, tender=self.number, **each.sign("contract", content))
        contracts.register(actor=self.host.actor, tender=self.number)
        self.stage.wait(days=1)

    def archive(self) -> None:
        """归档."""
        wait_for_log(tenders.archive(actor=self.cast.center.actor, tender=self.number))

    def sheet_of(self, seat: Any, opened: list[Any]) -> dict[str, Any]:
        """A sheet in which every bid passes, with the script's marks or three quarters of the full mark."""
        criteria = self.tender.formula.get("criteria") or []
        scores = {}
        for bid in opened:
            marks = self.script.scores.get(bid.tenderer.name, {})
            scores[bid.chain] = {row["key"]: marks.get(row["key"], _middling(row["most"], seat.number)) for row in criteria}
        return {
            "evaluator": str(seat.number),
            "review": {bid.chain: {"pass": True, "reason": ""} for bid in opened},
            "scores": scores if criteria else {},
        }

    def _committee(self) -> list[tuple[Any, Player]]:
        players = {each.person.pk: each for each in self.cast.experts}
        return [(seat, players[seat.expert.person_id]) for seat in expert_reads.committee(self.tender)]


ENDS = ("archived", "failed", "terminated")
"""States after which nothing is played."""

HANDS: dict[str, Callable[[Any], None]] = {
    "tender.attach_document": Play.prepare,
    "tender.publish": Play.publish,
    "bid.submit": Play.submit_bids,
    "opening.close": Play.close,
    "opening.open": Play.open_bids,
    "opening.confirm": Play.confirm,
    "draw.freeze_list": Play.draw,
    "evaluation.submit_sheet": Play.score,
    "evaluation.conclude": Play.report,
    "candidates.publicise": Play.publicise,
    "award.decide": Play.award,
    "contract.sign": Play.contract,
    "tender.archive": Play.archive,
}
"""How an act of a procedure is played, with the acts that go along with it. Chains and talks add theirs."""


def steps_of(tender: Any) -> list[Callable[[Any], None]]:
    """What is played in the tender's present state, in the order of its procedure's steps."""
    return [HANDS[step.act] for step in law_of(tender).steps if tender.state in step.states and step.act in HANDS]


def sealed_bid(
    tender: Any, player: Player, price: int | None, answers: dict[str, Any] | None = None
) -> tuple[envelope.Sealed, bytes]:
    """A bid at a price with its answers, sealed as the tenderer's own program does it: (facts, envelope bytes)."""
    out = BytesIO()
    uscc = player.actor.organisation.uscc
    offer = canonical({"tender": tender.number, "tenderer": player.actor.organisation.name, "price_fen": price})
    sealed = envelope.seal(
        envelope.Bid(Context(tender.number, "1"), uscc, price, answers or {}),
        [SealFile("投标函.txt", "text/plain", offer)],
        Custodians(tuple(tender.custody), tender.custody_threshold),
        player.key,
        out,
    )
    return sealed, out.getvalue()


def wait_for_log(act: Any) -> None:
    """Sequence until a checkpoint covers an act; another process may be sequencing at the moment.

    Raises:
        TimeoutError: not within a minute.
    """
    end = time_of_machine() + 60
    while True:
        sequencer.sequence_once()
        if evidence_reads.first_checkpoint_after(act) is not None:
            return
        if time_of_machine() > end:
            raise TimeoutError(f"the log did not take in {act} within a minute")
        sleep(0.005)


def _middling(most: str, seat: int) -> str:
    return str((Decimal(most) * 3 / 4 + Decimal(seat) / 10).quantize(Decimal("0.1")))


def earliest_deadline(tender: Any, start: datetime, issued: datetime | None = None) -> datetime:
    """The earliest lawful deadline for bids at half past nine.

    Args:
        issued: until when the documents are given out: a prequalification's period runs from there (实施条例 第17条).
    """
    first = rules.earliest(law_of(tender), rules.BID_PREPARATION, start, OPENING_HOUR)
    if issued is None or not rules.rules_between(law_of(tender), rules.ISSUE_TO_DEADLINE):
        return first
    return max(first, rules.earliest(law_of(tender), rules.ISSUE_TO_DEADLINE, issued, OPENING_HOUR))


def earliest_publicity_end(tender: Any, start: datetime) -> datetime:
    """The earliest lawful end of the candidates' publicity."""
    return rules.earliest(law_of(tender), rules.CANDIDATE_PUBLICITY, start)
