"""What of the own account and organisation waits for the reader: certificates that run out, invitations, resets to agree to."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import cert_selectors, join_acts, members, reset_acts
from yiwang.ui.shapes import Link


def notices(actor: Actor, now: datetime) -> list[Link]:
    """Each as a sentence that leads to its page, the most pressing first."""
    if not actor.known:
        return []
    found = [Link(told, reverse("account:certificates")) for told in _certificates(actor, now)]
    if actor.organisation is None or members.registers_itself(actor):
        found += [Link(Text(f"“{each.organisation}”邀请您加入", f"“{each.organisation}” invites you to join"), reverse("account:organisation"))
                  for each in join_acts.invitations_to(actor, now)]  # fmt: skip
    if actor.duty == "center" or members.manages(actor):
        found += [Link(Text(f"重设 {each.person.name} 的登录方式：等待另一位同意", f"reset of {each.person.name}: waits for a second person"),
                       reverse("account:resets")) for each in reset_acts.waiting_for(actor)]  # fmt: skip
    return found


def _certificates(actor: Actor, now: datetime) -> list[Text]:
    return cert_selectors.running_out(actor, now) if members.registers_itself(actor) else []
