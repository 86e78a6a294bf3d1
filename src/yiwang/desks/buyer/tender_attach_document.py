"""Attach a document to a tender."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import LineField, PickField
from yiwang.desks.screens import Screen, register
from yiwang.kernel import file_content
from yiwang.kernel.text import Text
from yiwang.modules.evidence import files
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import acts
from yiwang.ui.forms import UiForm

_MOST = f"{files.MOST_BYTES // 1024 // 1024} MiB"
_ENDS = "、".join(sorted(set(files.TYPES.values())))


class DocumentForm(UiForm, forms.Form):
    """The file, and what it is."""

    kind = PickField(
        label=Text("文件种类", "Kind of document"),
        choices=acts.DOCUMENT_KINDS.items(),
        radio=True,
        initial="tender_document",
    )
    title = LineField(
        label=Text("标题", "Title"),
        required=False,
        help_text=Text("不填则用文件种类作标题", "The kind serves as title when this is empty"),
    )
    file = forms.FileField(
        label=Text("文件", "File"),
        allow_empty_file=True,
        help_text=Text(
            f"可以上传 {_ENDS}，不超过 {_MOST}（图片 20 MiB，Word 和 Excel 50 MiB，文本 5 MiB）。类型按文件内容判断。",
            f"{_ENDS.replace('、', ', ')}; at most {_MOST} (pictures 20 MiB, Word and Excel 50 MiB, text 5 MiB). The type is told by the content.",
        ),
    )


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Keep the file, then attach it."""
    upload = data["file"]
    file_content.check(upload.file, files.media_type(upload.read(8192)))
    content = files.store(upload.chunks(), types=files.TYPES)
    return acts.attach_document(
        actor=actor,
        tender=number,
        kind=data["kind"],
        title=data["title"],
        filename=upload.name[-200:],
        content=content,
        **extra,
    )


register(
    Screen(
        "tender.attach_document",
        perform,
        form=DocumentForm,
        intro=Text(
            "文件以内容指纹存档，公告发布后任何人都能免费下载。",
            "Files are kept by their hash; once the notice is out anybody can download them free of charge.",
        ),
    )
)
