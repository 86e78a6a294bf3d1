"""Checks on who acted: registered organisations, bound keys, signatures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from yiwang.kernel.canonical import digest
from yiwang.kernel.text import Text
from yiwang.seal.signing import verify_statement
from yiwang.verifier.dossier import Act, Dossier
from yiwang.verifier.report import Outcome, later, outcome

SIGNED = {
    "opening.confirm": "opening-record",
    "evaluation.declare": "no-conflict",
    "evaluation.submit_sheet": "score-sheet",
    "evaluation.correct_sheet": "score-sheet",
    "evaluation.confirm_price": "price-correction",
    "award.vote": "award-ballot",
    "evaluation.sign_report": "evaluation-report",
    "award.notify": "award-notice",
    "contract.sign": "contract",
}
"""Acts that carry a personal signature, with the kind of statement that is signed."""
MAY_BE_SIGNED = {"tender.attach_document": "document"}
"""Acts that carry one only where the document was signed."""


def organisations(dossier: Dossier) -> Outcome:
    """Each organisation that takes part is registered in the log, before it acts, under the name used here."""
    registered = {act.public["uscc"]: act for act in dossier.all("organisation.register")}
    faults = [Text(f"{act}：链与信用代码不符", f"{act}: its chain is not that of the credit code")
              for uscc, act in registered.items() if act.subject != f"organisation/{uscc}"]  # fmt: skip
    named = list(_named(dossier))
    used = {uscc for uscc, _, _ in named}
    for uscc, name, act in named:
        entry = registered.get(uscc)
        if entry is None:
            faults.append(Text(f"{uscc}（{act}）没有注册记录", f"{uscc} ({act}): its registration is not here"))
        elif name and entry.public["name"] != name:
            faults.append(Text(f"{uscc}：注册名称是“{entry.public['name']}”，{act} 写的是“{name}”",
                               f"{uscc} is registered as “{entry.public['name']}”, {act} says “{name}”"))  # fmt: skip
        elif entry.index >= act.index:
            faults.append(Text(f"{uscc}：注册晚于 {act}", f"{uscc}: registered after {act}"))
    faults += [Text(f"{uscc} 与本项目无关", f"{uscc} takes no part here") for uscc in registered.keys() - used]
    faults += _hosts(dossier)
    if not named:
        return later("没有已公开的参与单位", "no organisation is public yet")
    return outcome(
        dict.fromkeys(faults),
        Text(f"{len(used)} 个单位均已注册，名称一致", f"{len(used)} organisations are registered, names agree"),
    )


def _named(dossier: Dossier) -> Iterator[tuple[str, str, Act]]:
    """Organisations that acts name: credit code, name or '', the act."""
    for act in dossier.acts:
        if act.name == "organisation.register":
            continue
        if act.party:
            yield act.party, "", act
        for side in ("buyer", "agency"):
            if act.name in ("tender.enter", "tender.publish", "tender.invite") and act.public.get(side):
                yield act.public[side]["uscc"], act.public[side]["name"], act
        if act.name in ("bid.submit", "bid.commit"):
            yield act.public["tenderer"], "", act
        for row in act.public.get("invited", ()) if act.name == "tender.invite" else ():
            yield row["uscc"], row["name"], act
        if act.name == "opening.open":
            for bid in act.public["record"]["bids"]:
                yield bid["tenderer"], bid["tenderer_name"], act
                for member in bid.get("joint", ()):
                    yield member["tenderer"], member["name"], act
        if act.name == "person.bind_key" and act.public["organisation"]:
            yield act.public["organisation"], "", act


def _hosts(dossier: Dossier) -> Iterator[Text]:
    """Who acts as buyer or agency is the buyer or agency of the notice."""
    for act in dossier.acts:
        if act.subject == dossier.chain and act.role in ("buyer", "agency"):
            side = dossier.facts.get(act.role) or {}
            if act.party != side.get("uscc"):
                yield Text(f"{act}：不是公告载明的招标方所为", f"{act}: is not by the host that the notice names")


def bindings(dossier: Dossier) -> Outcome:
    """Each binding of a key proves that its holder has the key; none is here without need."""
    bound = dossier.all("person.bind_key")
    needed = {signature["public"] for _, signature in _signatures(dossier)} | set(dossier.scratch.get("signers", ()))
    faults = []
    for act in bound:
        public = act.public["public"]
        if not verify_statement(public, "bind-key", {"public": public}, act.public["proof"]):
            faults.append(Text(f"{act}：持有证明无效", f"{act}: the proof of holding the key is not valid"))
        if act.party != act.public["organisation"]:
            faults.append(Text(f"{act}：单位不一致", f"{act}: two different organisations"))
        if public not in needed:
            faults.append(Text(f"{act}：密钥在本案卷中没有使用", f"{act}: the key is not used here"))
    if not bound:
        return later("没有已公开的密钥绑定", "no binding of a key is public yet")
    return outcome(faults, Text(f"{len(bound)} 把密钥的绑定有效", f"{len(bound)} bindings of keys are valid"))


def _signatures(dossier: Dossier) -> Iterator[tuple[Act, dict[str, Any]]]:
    for act in dossier.acts:
        if act.name in SIGNED or (act.name in MAY_BE_SIGNED and "signature" in act.public):
            yield act, act.public["signature"]


def signatures(dossier: Dossier) -> Outcome:
    """Each signature verifies under a key that was bound in the log before, to somebody of the acting organisation."""
    signed = list(_signatures(dossier))
    if not signed:
        return later("还没有已公开的签名", "no signature is public yet")
    bound = {act.entry: act for act in dossier.all("person.bind_key")}
    faults = [fault for act, signature in signed for fault in _signature(dossier, act, signature, bound)]
    return outcome(
        faults,
        Text(
            f"{len(signed)} 个签名有效，密钥均在日志中先行绑定",
            f"{len(signed)} signatures are valid, each key bound in the log before",
        ),
    )


def _signature(dossier: Dossier, act: Act, signature: dict[str, Any], bound: dict[str, Act]) -> Iterator[Text]:
    kind, content = {**SIGNED, **MAY_BE_SIGNED}[act.name], statement_of(dossier, act)
    if signature["kind"] != kind:
        yield Text(
            f"{act}：签的是“{signature['kind']}”，应为“{kind}”", f"{act}: signs a “{signature['kind']}”, not a “{kind}”"
        )
    if act.public.get("statement", content) != content:
        yield Text(
            f"{act}：签名声明的内容与案卷不符", f"{act}: the signed statement does not say what the dossier says"
        )
    if not verify_statement(signature["public"], kind, content, signature["signature"]):
        yield Text(f"{act}：签名无效", f"{act}: the signature is not valid")
    binding = bound.get(signature["key_entry"])
    if binding is None:
        yield Text(f"{act}：缺少签名密钥的绑定记录", f"{act}: the binding of its key is not here")
    elif binding.public["public"] != signature["public"]:
        yield Text(f"{act}：绑定的是另一把密钥", f"{act}: its binding is of another key")
    elif binding.index >= act.index:
        yield Text(f"{act}：密钥绑定晚于签名", f"{act}: the key was bound after it signed")
    elif binding.party != act.party:
        yield Text(f"{act}：密钥属于另一单位", f"{act}: the key is of another organisation")


def statement_of(dossier: Dossier, act: Act) -> dict[str, Any]:
    """What an act's signature must say, from the other acts of the dossier."""
    return _STATEMENTS[act.name](dossier, act.public)


def _digest_of(dossier: Dossier, act: str, part: str) -> str:
    """Digest of what an act made; '' while it is not here."""
    made = dossier.last(act)
    return digest(made.public[part]) if made else ""


Statement = Callable[[Dossier, dict[str, Any]], dict[str, Any]]
_STATEMENTS: dict[str, Statement] = {
    "tender.attach_document": lambda dossier, public: {
        "tender": dossier.tender,
        "sha256": public["document"]["sha256"],
        "size": public["document"]["size"],
    },
    "opening.confirm": lambda dossier, public: {
        "tender": dossier.tender,
        "record_sha256": _digest_of(dossier, "opening.open", "record"),
    },
    "evaluation.declare": lambda dossier, public: {"tender": dossier.tender},
    "evaluation.submit_sheet": lambda dossier, public: {
        "tender": dossier.tender,
        "sheet_sha256": digest(public["sheet"]),
    },
    "evaluation.correct_sheet": lambda dossier, public: {
        "tender": dossier.tender,
        "sheet_sha256": digest(public["sheet"]),
    },
    "evaluation.confirm_price": lambda dossier, public: {**public["statement"], "tender": dossier.tender},
    "award.vote": lambda dossier, public: {**public["statement"], "tender": dossier.tender},
    "evaluation.sign_report": lambda dossier, public: {
        "tender": dossier.tender,
        "report_sha256": _digest_of(dossier, "evaluation.conclude", "report"),
        "dissent": public["statement"]["dissent"],
    },
    "award.notify": lambda dossier, public: dict(public["statement"]),
    "contract.sign": lambda dossier, public: dict(public["content"]),
}
"""What is signed, by act. Whether award and contract themselves are right, :mod:`.result` checks."""
