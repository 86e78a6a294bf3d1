"""Request bodies, made from the keyword-only signatures of the acts: one truth for Python and for JSON.

Amounts are integer fen, moments RFC 3339 with zone, an uploaded file is the ``token`` that POST /files gave.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StrictBool, StrictInt, StrictStr, create_model

from yiwang.kernel.canonical import canonical
from yiwang.modules.evidence import files

GIVEN = ("actor", "tender", "request_key")
"""Parameters that come from the request itself, not from its body."""


def _clean(text: str) -> str:
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("holds a character that cannot be kept")
    return text


def _canonical(value: Any) -> Any:
    """Free JSON (a formula, a sheet) must have a canonical form: no floats, no NUL."""
    try:
        text = canonical(value).decode()
    except (TypeError, ValueError) as error:
        raise ValueError(str(error)) from None
    if "\\u0000" in text:
        raise ValueError("holds a character that cannot be kept")
    return value


CleanText = Annotated[StrictStr, AfterValidator(_clean)]
Free = Annotated[Any, AfterValidator(_canonical)]




def body_of(act: str, function: Callable[..., Any]) -> type[Schema]:
    """The schema of an act's JSON body."""
    hints = get_type_hints(function)
    says = _arguments(inspect.getdoc(function) or "")
    fields: dict[str, Any] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name in GIVEN:
            continue
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[name] = (_typed(hints[name]), Field(default, description=says.get(name)))
    title = "".join(word.capitalize() for word in re.split(r"[._]", act))
    return create_model(title, __base__=_Body, __doc__=f"Body of {act}.", **fields)


@cache
def file_fields(function: Callable[..., Any]) -> tuple[str, ...]:
    """Names of the parameters that are stored files."""
    return tuple(name for name, hint in get_type_hints(function).items() if hint is files.Stored)


class _Body(Schema):
    model_config = ConfigDict(extra="forbid")


def _typed(hint: Any) -> Any:
    """The JSON type of a parameter: strict, so that a price is never guessed from text or a float."""
    plain = {int: StrictInt, str: CleanText, bool: StrictBool, datetime: AwareDatetime}
    if hint is files.Stored:
        return Annotated[StrictStr, Field(description="token of a file that you uploaded with POST /files")]
    if hint in plain:
        return plain[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin is list:
        return list[_typed(inner[0])]  # type: ignore[misc]
    if origin is dict:
        return dict[str, _typed(inner[1])]  # type: ignore[misc]
    if type(None) in inner:
        return _typed(next(each for each in inner if each is not type(None))) | None
    return Free if hint is Any else hint


def _arguments(doc: str) -> dict[str, str]:
    """What a docstring's Args section says, by parameter."""
    _, _, section = doc.partition("Args:\n")
    found: dict[str, str] = {}
    name = ""
    for line in section.split("\n\n")[0].splitlines():
        begins = re.match(r"    (\w+): (.*)", line)
        if begins:
            name = begins[1]
            found[name] = begins[2]
        elif name:
            found[name] += " " + line.strip()
    return found
