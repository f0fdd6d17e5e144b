"""Runs bandit, with its own arguments, without what it says of excuses: `python -m tools.code_scan`.

It warns of every part of an excused line that needs no excuse, so that among the warnings nobody would see its errors.
"""

from __future__ import annotations

import logging

from bandit.cli.main import main

if __name__ == "__main__":
    logging.getLogger("bandit.core.tester").setLevel(logging.ERROR)
    main()
