"""Our expressions in QGIS's words; that QGIS understands them so is proved with QGIS itself (tests/flows)."""

from __future__ import annotations

from typing import Any

import pytest

from layers.projects.phrases import phrase


@pytest.mark.parametrize(
    ("expression", "known", "expected"),
    [
        ("it's \"so\"\n\\", {}, "'it''s \"so\"\\n\\\\'"),
        (True, {}, "TRUE"),
        (1.5, {}, "1.5"),
        (["get", 'a"b'], {}, '"a""b"'),
        (["get", "a"], {"a": None}, "NULL"),
        (["coalesce", ["get", "a"], 7], {}, 'coalesce("a", 7)'),
        (["concat", ["get", "a"], "\n✔"], {}, "concat(\"a\", '\\n✔')"),
        (["==", ["get", "a"], "x"], {}, "coalesce(\"a\" = 'x', FALSE)"),
        (["!", ["in", ["get", "a"], ["literal", ["x", "y"]]]], {}, "NOT coalesce(\"a\" IN ('x', 'y'), FALSE)"),
        (
            ["match", ["get", "a"], "x", 1, ["y", "z"], 2, 3],
            {},
            "CASE WHEN \"a\" IN ('x') THEN 1 WHEN \"a\" IN ('y', 'z') THEN 2 ELSE 3 END",
        ),
        (["match", ["get", "a"], "x", ["get", "b"], "y"], {"a": "x", "b": 4}, "4"),
        (["step", ["get", "a"], 1, 10, 2, 20, 3], {}, 'CASE WHEN "a" >= 20 THEN 3 WHEN "a" >= 10 THEN 2 ELSE 1 END'),
        (["all", ["has", "a"], ["!=", ["get", "b"], 1]], {}, '("a" IS NOT NULL AND coalesce("b" <> 1, TRUE))'),
    ],
)  # fmt: skip
def test_expressions_become_those_of_qgis(expression: Any, known: dict[str, Any], expected: str):
    assert phrase(expression, known) == expected
