"""Values that config.yaml only points at: `$NAME` in the environment, or `{file: path}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, SecretStr

from bot.config.words import UnusableError
from bot.marked import Node

_REFERENCE = re.compile(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})\Z")
_SECRET_KEY = re.compile(r"(?:.*_)?(?:token|password|secret|key)\Z")
_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a value is to be found: a variable's name or a file's path; exactly one is set."""

    variable: str | None = None
    file: str | None = None

    def __str__(self) -> str:
        return f"${self.variable}" if self.variable else f"{{file: {self.file}}}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a pointer led to; `text` None where the variable is not set or empty."""

    text: str | None = field(repr=False)


def pointer(node: Node) -> Pointer | None:
    """Return what a value points at, or None where it is the value itself."""
    if node.kind == "map":
        inner = node.get("file")
        named = [key for key, _, _ in node.pairs()] == ["file"] and inner is not None and isinstance(inner.value, str)
        return Pointer(file=inner.value) if named and inner is not None else None
    match = _REFERENCE.match(node.value) if isinstance(node.value, str) else None
    return Pointer(variable=match[1] or match[2]) if match else None


def follow(where: Pointer, environ: Mapping[str, str], folder: Path) -> Found:
    """Return what stands there; a file's path is relative to `folder`. Raises UnusableError."""
    if where.variable:
        return Found(environ.get(where.variable, "").strip() or None)
    path = folder / Path(where.file or "").expanduser()
    try:
        with path.open(encoding="utf-8") as file:
            content = file.read(_LONGEST + 1).strip()
    except OSError as error:
        raise UnusableError(
            f"can't be read: {error.strerror or type(error).__name__}", f"Check the file {path}."
        ) from error
    except UnicodeDecodeError as error:
        raise UnusableError("is no text", f"Check the file {path}.") from error
    if not content or len(content) > _LONGEST:
        raise UnusableError("is empty" if not content else "is too long for a secret", f"Check the file {path}.")
    return Found(content)


def is_secret(model: type[BaseModel], key: str) -> bool:
    """Tell whether a key holds a secret, by its name or by its type."""
    info = model.model_fields.get(key)
    return bool(_SECRET_KEY.match(key)) or (info is not None and _mentions(info.annotation, SecretStr))


def _mentions(annotation: Any, kind: type) -> bool:
    return annotation is kind or any(_mentions(part, kind) for part in get_args(annotation))
