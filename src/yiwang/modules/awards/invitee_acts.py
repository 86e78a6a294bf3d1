"""Acts of drawing invitees: fix the list of candidates; purchaser and center commit, both reveal, the last share gives the draw."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.invitees import invitee_law
from yiwang.kernel.text import Text
from yiwang.modules.awards import invitee_rules as rules
from yiwang.modules.awards.admission_rules import admission_of
from yiwang.modules.awards.invitee_models import InviteeDraw
from yiwang.modules.awards.invitee_states import INVITEES
from yiwang.modules.evidence import door, drawing
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders import services as tenders
from yiwang.seal import public_draw


def make_list(
    *,
    actor: Actor,
    tender: str,
    way: str,
    watchers: list[str],
    number: int = 3,
    candidates: list[str] | None = None,
    ground: str = "",
    request_key: str | None = None,
) -> InviteeDraw:
    """Fix the list of candidates from whom the invited suppliers are drawn by lot (政府采购货物和服务招标投标管理办法 第14条).

    Args:
        way: ``prequalification``: the list is whom the earlier round admitted; ``pool``: taken from a finance department's pool of
            suppliers; ``recommended``: by the purchaser in writing.
        watchers: names of the purchaser's staff who watch the draw, two at least; not public.
        number: how many are drawn, three at least.
        candidates: credit codes, for the latter two ways: twice as many at least as are drawn.
        ground: which pool and conditions, or why recommended and the number of the writing.

    Raises:
        BadInput: the list is unlawful, or names somebody who is no registered enterprise; every fault at once.
    """
    row = INVITEES.rows["invitees.list"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject, people = passage.subject, [name.strip() for name in watchers if name.strip()]
        listed = _listed(subject, way, [code.strip().upper() for code in candidates or []])
        codes = [each["uscc"] for each in listed]
        if found := list(invitee_law().faults(way, codes, number, len(set(people)), ground)):
            raise BadInput(*found)
        made = InviteeDraw.objects.create(
            tender=subject, way=way, listed=listed, number=number, ground=ground.strip(), watchers=people, at=passage.now
        )
        passage.record(
            public={"way": way, "listed": listed, "number": number, "ground": made.ground, "watchers": len(set(people))},
            private={"watchers": people},
            tender=subject,
        )
    return made


def commit(*, actor: Actor, tender: str, commitment: str, request_key: str | None = None) -> InviteeDraw:
    """A side (purchaser, center) commits to its share, after the list is fixed and before any share is known.

    Args:
        commitment: hex, :func:`yiwang.seal.draw.commitment` of 32 random bytes that the side keeps to itself.
    """
    row = INVITEES.rows["invitees.commit"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        draw = _draw(passage)
        public = {"party": rules.SIDES[passage.role], "commitment": drawing.committed(draw.drawn, commitment), "process": rules.process(draw)}
        _write(passage, draw, "commit", public)
    return draw


def reveal(*, actor: Actor, tender: str, share: str, request_key: str | None = None) -> InviteeDraw:
    """A side reveals its share. With the last one the order of the candidates follows, and the first of them are invited.

    Raises:
        Refused: the last commitment is not in the log yet.
        BadInput: the share is not the one committed to.
    """
    row = INVITEES.rows["invitees.reveal"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        draw = _draw(passage)
        public = drawing.revealed(draw.drawn, rules.SIDES[passage.role], share, rules.ACTS.beacon(passage.subject))
        if "order" in public:
            draw.chosen = public["order"][: draw.number]
            passage.subject.invitees = list(draw.chosen)
            public |= {"chosen": draw.chosen}
        _write(passage, draw, "reveal", public)
    return draw


def forfeit(*, actor: Actor, tender: str, request_key: str | None = None) -> InviteeDraw:
    """Put on record that the center has not revealed its share within the time (NL-37): it counts as zeros, the purchaser reveals
    next, and there is no second draw.

    Raises:
        Refused: the time has not passed, or the last commitment is not in the log yet.
    """
    row = INVITEES.rows["invitees.forfeit"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        draw = _draw(passage)
        _write(passage, draw, "forfeit", drawing.forfeited(draw.drawn, drawing.CENTER, rules.ACTS.beacon(passage.subject)))
    return draw


def _draw(passage: door.Passage) -> InviteeDraw:
    found = rules.draw_of(passage.subject)
    assert found is not None  # the guard found it
    return found


def _write(passage: door.Passage, draw: InviteeDraw, step: str, public: dict[str, Any]) -> None:
    draw.drawn = public_draw.after(draw.drawn, step, public)
    draw.save()
    passage.record(public=public, tender=passage.subject)


def _listed(tender: Any, way: str, codes: list[str]) -> list[dict[str, str]]:
    """The candidates with their names: the admitted of the earlier round, or those that were given."""
    known = invitee_law().ways.get(way)
    if known is not None and known.earlier:
        admitted = admission_of(tender.stage_of) if tender.stage_of_id else None
        if admitted is None or codes:
            raise bad("way" if admitted is None else "candidates", "名单就是资格预审通过的供应商", "the list is whom the prequalification admitted",
                      code="invitees.earlier", article=invitee_law().article,
                      passes=Text("先办完资格预审，名单留空", "finish the prequalification first; leave the list empty"))  # fmt: skip
        return [{"uscc": row["tenderer"], "name": row["name"]} for row in admitted.admitted]
    if known is not None and tender.stage_of_id:
        raise bad("way", "已经资格预审的，从通过的供应商中抽取", "after a prequalification the draw is among whom it admitted",
                  code="invitees.earlier", article=invitee_law().article, passes=Text("prequalification", "prequalification"))  # fmt: skip
    names = dict(parties.organisations().filter(uscc__in=codes, kind="enterprise").values_list("uscc", "name"))
    unknown = [code for code in codes if code not in names]
    if unknown:
        raise bad("candidates", f"{'、'.join(unknown)} 不是已注册的企业", f"{', '.join(unknown)} is no registered enterprise",
                  passes=Text("已在本平台注册的企业的统一社会信用代码", "credit codes of enterprises that registered here"))  # fmt: skip
    return [{"uscc": code, "name": names[code]} for code in codes]
