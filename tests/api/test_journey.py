"""A whole tender through the API alone: every act posted by a program, every signature made outside the server."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any

import pytest

from yiwang.demo.cast import Cast
from yiwang.demo.play import earliest_deadline, earliest_publicity_end, sealed_bid
from yiwang.demo.stage import Stage
from yiwang.kernel import moment
from yiwang.modules.evidence import sequencer
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.evidence.commitments import commit
from yiwang.modules.openings import jobs
from yiwang.modules.tenders import selectors
from yiwang.seal import draw as lottery
from yiwang.seal import keys

FIRMS = {"城东市政工程公司": 80_000_00, "江北建设集团": 70_000_00, "海门路桥公司": 90_000_00}


class Journey:
    """The steps of the journey, in order; each is a few requests."""

    def __init__(self, cast: Cast, stage: Stage, program: Any) -> None:
        self.cast, self.stage = cast, stage
        self.host, self.center, self.supervisor = program(cast.agency), program(cast.center), program(cast.supervisor)
        self.buyer, self.public = program(cast.buyer), program(None)
        self.custodians = [program(each) for each in cast.custodians]
        self.experts = [program(each) for each in cast.experts]
        self.firms = {name: program(cast.tenderer(name)) for name in FIRMS}
        self.keys = [keys.new_custodian_key() for _ in self.custodians]
        self.number = ""

    @property
    def tender(self) -> Any:
        """What the public reads of the tender."""
        return self.public.get(f"/tenders/{self.number}")

    def enter(self) -> None:
        """Entry, document, custodians with their keys."""
        buyer = self.cast.buyer.actor.organisation.uscc
        body = {"title": "经接口办理的工程", "category": "works", "budget": 110_000_00, "ceiling": 100_000_00, "counterpart": buyer}
        self.number = self.host.post("/tenders", body)["tender"]
        self.public.get(f"/tenders/{self.number}", 404)
        token = self.host.upload("招标文件\n".encode())
        self.host.act(self.number, "tender.attach_document", kind="tender_document", title="招标文件", filename="文件.txt", content=token)
        names = [each.person.username for each in self.cast.custodians]
        self.host.act(self.number, "custody.appoint", custodians=names)
        for custodian, key in zip(self.custodians, self.keys, strict=True):
            asked = custodian.post(f"/tenders/{self.number}/custody/challenge", {"recipient": key.recipient}, 200)
            answer = keys.answer(key.identity, keys.challenge_in(asked["challenge"])).hex()
            custodian.act(self.number, "custody.provide_key", recipient=key.recipient, challenge=asked["challenge"], answer=answer)

    def publish(self) -> None:
        """The notice; a deadline one minute too early is refused with article and what would pass."""
        tender = selectors.tender(SYSTEM, self.number)
        deadline = earliest_deadline(tender, self.stage())
        end = moment.stamp(self.stage() + timedelta(days=8))
        early = moment.stamp(self.stage() + timedelta(days=19))
        refused = self.host.act(self.number, "tender.publish", 409, issue_end=end, deadline=early)
        assert "招标投标法 第24条" in {reason["article"] for reason in refused["reasons"]}
        assert {"deadline"} == {reason["field"] for reason in refused["reasons"]}
        self.host.act(self.number, "tender.publish", issue_end=end, deadline=moment.stamp(deadline))
        self.stage.wait(days=1)
        document = self.tender["documents"][0]
        assert self.public.get(f"/tenders/{self.number}/documents/{document['sha256']}") == "招标文件\n".encode()

    def bid(self) -> None:
        """Sealed bids; nobody but their tenderers sees a difference."""
        asked = self.firms["江北建设集团"].act(self.number, "clarification.ask", question="地质报告在哪里？")
        assert asked["tender"] is None
        waiting = self.host.get(f"/tenders/{self.number}")["clarifications"][0]
        later = moment.stamp(selectors.tender(SYSTEM, self.number).deadline)
        self.host.act(self.number, "clarification.answer", answer="见附件三", clarification=waiting["id"], affects_bids=False, new_deadline=later)
        sequencer.sequence_all()
        before = self.seen_by_others()
        for name, price in FIRMS.items():
            tender = selectors.tender(SYSTEM, self.number)
            sealed, content = sealed_bid(tender, self.cast.tenderer(name), price)
            firm = self.firms[name]
            receipt = firm.act(self.number, "bid.submit", content=firm.upload(content), manifest_sha256=sealed.manifest_sha256)
            assert receipt["index"] is None
            sequencer.sequence_all()
            assert isinstance(firm.get(f"/receipts/{receipt['act']}")["index"], int)
            self.host.get(f"/receipts/{receipt['act']}", 404)
        assert self.seen_by_others() == before
        assert len(self.firms["江北建设集团"].get(f"/tenders/{self.number}")["own_bids"]) == 1

    def seen_by_others(self) -> str:
        """All that anybody but the tenderers can read of the tender."""
        readers = [self.public, self.host, self.buyer, self.center, self.supervisor, self.custodians[0]]
        paths = [f"/tenders/{self.number}{rest}" for rest in ("", "/steps", "/acts")] + ["/tenders"]
        seen = [[reader.get(path) for path in paths] for reader in readers]
        return json.dumps(seen, ensure_ascii=False, sort_keys=True)

    def open(self) -> None:
        """Closing by time, keys, opening, confirmation."""
        self.stage.to(selectors.tender(SYSTEM, self.number).deadline)
        assert jobs.close_due(self.stage()) == 1
        refused = self.host.act(self.number, "opening.open", 409)
        assert refused["reasons"][0]["article"] == "电子招标投标办法 第30条"
        assert self.tender["bids"] == []
        for custodian, key in list(zip(self.custodians, self.keys, strict=True))[:3]:
            custodian.act(self.number, "opening.release_key", identity=key.identity)
        self.host.act(self.number, "opening.open")
        assert {row["tenderer"]["name"]: row["price"] for row in self.tender["bids"]} == FIRMS
        for each in (self.host, self.center, self.firms["江北建设集团"]):
            each.sign(self.number, "opening.confirm")

    def draw(self) -> None:
        """The committee, drawn from a pool by a seed that three sides made."""
        self.center.act(self.number, "draw.freeze_list", seats={"technical": 3, "economic": 2})
        sides = {program: secrets.token_bytes(32) for program in (self.center, self.host, self.supervisor)}
        for side, share in sides.items():
            side.act(self.number, "draw.commit", commitment=lottery.commitment(share))
        sequencer.sequence_all()
        for side, share in sides.items():
            side.act(self.number, "draw.reveal", share=share.hex())
        self.center.act(self.number, "draw.seat")

    def evaluate(self) -> None:
        """Declarations, sheets, report."""
        seated = [each for each in self.experts if self.has_step(each, "evaluation.declare")]
        assert len(seated) == 5
        for each in seated:
            each.sign(self.number, "evaluation.declare")
        bids = [row["bid"] for row in self.tender["bids"]]
        for each in seated:
            each.sign(self.number, "evaluation.submit_sheet", sheet={
                "evaluator": self.seat_of(each), "review": {bid: {"pass": True, "reason": ""} for bid in bids}, "scores": {},
            })  # fmt: skip
        seated[0].act(self.number, "evaluation.conclude")
        assert self.tender["report"] is None
        for each in seated:
            each.sign(self.number, "evaluation.sign_report")

    def has_step(self, program: Any, act: str) -> bool:
        """Whether the table gives a person this step now."""
        steps = program.get(f"/tenders/{self.number}/steps")
        return any(step["act"] == act and step["allowed"] for step in steps)

    def seat_of(self, program: Any) -> str:
        """The evaluator's own seat number: it stands in the receipt of the declaration."""
        person = program.player.person
        act = person.acts.filter(act="evaluation.declare").get()
        return str(json.loads(bytes(act.canonical))["public"]["seat"])

    def award(self) -> None:
        """Publicity, decision, notice."""
        ends = earliest_publicity_end(selectors.tender(SYSTEM, self.number), self.stage())
        self.host.act(self.number, "candidates.publicise", ends=moment.stamp(ends))
        first = self.tender["candidates"]["list"][0]
        early = self.buyer.act(self.number, "award.decide", 409, bid=first["bid"])
        assert early["reasons"][0]["after"] == moment.stamp(ends)
        self.stage.to(ends)
        self.buyer.act(self.number, "award.decide", bid=first["bid"])
        assert self.tender["award"] is None
        self.buyer.sign(self.number, "award.notify")
        assert self.tender["award"]["tenderer"]["name"] == "江北建设集团"
        assert len(self.tender["committee"]) == 5

    def contract(self) -> None:
        """Contract, registration, archive."""
        self.buyer.sign(self.number, "contract.sign")
        assert self.tender["contract"] is None
        self.firms["江北建设集团"].sign(self.number, "contract.sign")
        self.host.act(self.number, "contract.register")
        assert self.tender["contract"]["content"]["price"] == 70_000_00
        self.center.act(self.number, "tender.archive")


@pytest.mark.promise("S034")
def test_a_tender_lives_its_whole_life_through_the_api(cast: Cast, stage: Stage, program: Any) -> None:
    journey = Journey(cast, stage, program)
    for step in ("enter", "publish", "bid", "open", "draw", "evaluate", "award", "contract"):
        getattr(journey, step)()
    assert journey.tender["state"] == "archived"
    sequencer.sequence_all()
    acts = journey.public.get(f"/tenders/{journey.number}/acts")
    shown = [row for row in acts if row["disclosed"]]
    assert len(shown) > 30
    for row in shown:
        assert commit(bytes.fromhex(row["salt"]), row["canonical"].encode()).hex() == row["entry"]
    assert {row["name"] for row in shown} >= {"bid.submit", "draw.seat", "contract.sign", "tender.archive"}
    assert journey.public.get("/log/checkpoint").startswith(b"evidence.")
    assert journey.public.get("/log/vkeys").count(b"\n") == 2


@pytest.mark.parametrize("act", ["tender.enter", "bid.submit"])
def test_a_stranger_is_asked_to_sign_in(stage: Stage, program: Any, act: str) -> None:
    path = "/tenders" if act == "tender.enter" else f"/tenders/YW2026-0001/acts/{act}"
    assert program(None).post(path, {}, 401)["type"] == "urn:yiwang:problem:unauthenticated"
