"""The printed recovery sheet of a custodian's key as an HTML page or as plain text, made on the custodian's machine."""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape

from yiwang.kernel.text import Text
from yiwang.seal import keys, recovery

TITLE = Text("保管人密钥恢复单", "Recovery sheet of a custodian's key")
RULES = (
    Text("得到这张单子的人就得到密钥：打印后装入信封，封口签名，放进本单位保险柜；打印后删除本文件。",
         "Whoever has this sheet has the key: seal it in a signed envelope, keep it in your body's safe; delete this file once printed."),
    Text("开标时密钥文件不在手边，就在公布页面或用 yiwang custodian release --typed 照单输入 15 组；每组最后一位是校验。没有字母 B、I、O 和数字 1。",
         "At the opening, without the key file, type the 15 groups on the release page or with yiwang custodian release --typed; "
         "the last character of each is a check. There is no B, I, O and 1."),
    Text("密钥公布以后，这张单子就可以销毁。", "Once the key is released this sheet can be destroyed."),
)  # fmt: skip
_STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dd{margin:0;overflow-wrap:anywhere}"
    ".key{display:grid;grid-template-columns:1fr 12rem;gap:1rem}"
    "ol{display:grid;grid-template-columns:repeat(3,1fr);gap:.4rem;padding-left:2rem;margin:0}"
    "li b{font:1.15rem ui-monospace,monospace;letter-spacing:.08em}svg{width:12rem;height:12rem}@page{size:A4;margin:2cm}"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on a sheet: the secret key, and for which tender, of which body and custodian it is."""

    identity: str
    tender: str = ""
    body: str = ""
    person: str = ""

    @property
    def facts(self) -> list[tuple[Text, str]]:
        """Names and values, without the empty ones; the public key last."""
        rows = [(Text("项目", "Tender"), self.tender), (Text("单位", "Body"), self.body), (Text("保管人", "Custodian"), self.person),
                (Text("公钥", "Public key"), keys.recipient_of(self.identity))]  # fmt: skip
        return [(name, value) for name, value in rows if value]


def as_text(sheet: Sheet) -> str:
    """The sheet as plain text, five groups a line."""
    groups = recovery.groups(sheet.identity)
    lines = [str(TITLE), "", *(f"{name}: {value}" for name, value in sheet.facts), ""]
    numbered = [f"{n:>2}. {group}" for n, group in enumerate(groups, 1)]
    lines += ["   ".join(numbered[at : at + 5]) for at in range(0, len(numbered), 5)]
    return "\n".join([*lines, "", *(f"- {rule}" for rule in RULES), ""])


def as_html(sheet: Sheet) -> str:
    """The sheet as one page without anything from elsewhere, with a QR code of the key."""
    facts = "".join(f"<dt>{escape(str(name))}</dt><dd>{escape(value)}</dd>" for name, value in sheet.facts)
    groups = "".join(f"<li><b>{group}</b></li>" for group in recovery.groups(sheet.identity))
    rules = "".join(f"<li>{escape(str(rule))}</li>" for rule in RULES)
    return (
        f'<!doctype html><meta charset="utf-8"><title>{TITLE}</title><style>{_STYLE}</style><h1>{TITLE}</h1><dl>{facts}</dl>'
        f'<div class="key"><ol>{groups}</ol>{_qr(keys.identity_in(sheet.identity))}</div><ul>{rules}</ul>\n'
    )


def _qr(text: str) -> str:
    import segno  # late: only printing draws

    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2)
    return out.getvalue().decode()
