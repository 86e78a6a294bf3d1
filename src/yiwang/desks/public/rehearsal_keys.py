"""The test custodians of the rehearsal: their secret keys are published here on purpose, so that anybody can open what is sealed
to them. They guard nothing, and no tender can name them.
"""

from __future__ import annotations

from yiwang.seal.manifest import Context, Custodians

CONTEXT = Context("REHEARSAL", "1")
"""What rehearsal envelopes are for; no tender has this number."""

TENDERER = "91330100MA00000001"
"""A credit code that stands for the visitor; it is nobody's."""

K = 3
PAIRS = (
    ("age10malulmjpvdk4yjm0ran48dfze6qyeeywcz8s0dvcghepw7tadts2r9j82",
     "AGE-SECRET-KEY-1FXD7ZP9W7YS7YTS54TVNTJEY6NH6U5Q8R2EWRL9JY0PLGZ83MYFS9ZDUGU"),
    ("age1mwwdg0ajdmzgeum0el6jjzktxxjkzd3smzkyexvpt2rpxwmdgqzsagxvwf",
     "AGE-SECRET-KEY-1HP078TZ2ZT37W6MPGFSCL08FF7AKA46PQTX5WDLTY2602E8W4N4QHLAYUW"),
    ("age1mp0eltummrdx77mvjx84xqchla367h8nuxdsrkw6cqsh7hqndq6sdg8dvc",
     "AGE-SECRET-KEY-1VFWZQC8DDSNHYJYD5MUUVZTNHA66KHD4G3QNYD7ANNNS7F3PJM9QKC7EYV"),
    ("age1vxjhzmlzxq5xh5wm4dmz5y5qgqr6gpl7nx83xujpnx2dre30t9asuv4vzy",
     "AGE-SECRET-KEY-1Z5RTM4DUQGC5MF4A04CK5Y3DT0XR89APW35C0YDCSJJLAYE9LQKSKM4AXJ"),
    ("age1pmecfaj7h3nwv5pnewmqegmpuepldmkr5zlhhd4trmhn72f92dqq0yvsnw",
     "AGE-SECRET-KEY-1C3VQN9798Q2AE6ENY33NE0UJ6M8APX7KL45CK268JFSGMQ5ZV2DS8QZ9G6"),
)
"""Public and secret key of each."""

CUSTODIANS = Custodians(tuple(recipient for recipient, _ in PAIRS), K)
IDENTITIES = {index: identity for index, (_, identity) in enumerate(PAIRS)}
