"""Transitions of contracts."""

from __future__ import annotations

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.contracts import rules
from yiwang.modules.evidence.registry import register

CONTRACT = register(
    Table(
        "contract",
        (),
        (
            Transition(
                "contract.sign",
                Text("签署合同", "sign the contract"),
                "contract",
                roles=("buyer", "supplier"),
                sources=("awarded",),
                guards=(rules.own_signature_missing,),
                articles=("招标投标法 第46条",),
                tells=("buyer", "supplier"),
            ),
            Transition(
                "contract.register",
                Text("登记合同", "register the contract"),
                "contract",
                roles=("buyer", "agency"),
                sources=("awarded",),
                target="contracted",
                guards=(rules.both_signed,),
                articles=("招标投标法 第47条",),
                tells=("supplier", "center", "supervisor"),
            ),
        ),
    )
)
