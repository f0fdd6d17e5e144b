"""Counts how often argon2id is computed, which is what looking at a password costs."""

from __future__ import annotations

from typing import Any

import argon2.low_level
import pytest


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by ``hash`` or ``verify`` each time that a hash is computed from now on."""
    computed: list[str] = []
    for name in ("hash_secret", "verify_secret"):
        compute = getattr(argon2.low_level, name)

        def counting(*args: Any, _name: str = name, _compute: Any = compute, **more: Any) -> Any:
            computed.append(_name.removesuffix("_secret"))
            return _compute(*args, **more)

        monkeypatch.setattr(argon2.low_level, name, counting)
    return computed
