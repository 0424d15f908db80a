"""Asks axe-core what would keep somebody from using a page (WCAG 2.2, levels A and AA)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.environment import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: tags });
  const line = (id, node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`;
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => line(id, node)));
}"""


def violations(page: Page) -> list[str]:
    """Return what axe finds, one line an element."""
    page.evaluate(SOURCE.read_text())
    found: list[str] = page.evaluate(RUN)
    return found
