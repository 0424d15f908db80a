// Of two pages that were asked for, the second is shown, whichever answer comes first.
import assert from "node:assert/strict";
import test from "node:test";
import { showLastPage } from "../../../static/js/shell/last_page.js";

function asked(body, name, xhr, id = "shell") {
  const detail = { xhr, target: { id }, shouldSwap: true };
  body.dispatchEvent(new CustomEvent(name, { detail }));
  return detail.shouldSwap;
}

test("an answer that comes after a later request is not shown", () => {
  const body = new EventTarget();
  showLastPage(body);
  asked(body, "htmx:beforeSend", "first");
  asked(body, "htmx:beforeSend", "second");
  assert.equal(asked(body, "htmx:beforeSwap", "first"), false);
  assert.equal(asked(body, "htmx:beforeSwap", "second"), true);
  assert.equal(asked(body, "htmx:beforeSwap", "first"), false);
});

test("parts of a page are shown whatever else is asked for", () => {
  const body = new EventTarget();
  showLastPage(body);
  asked(body, "htmx:beforeSend", "page");
  asked(body, "htmx:beforeSend", "part", "library-list");
  assert.equal(asked(body, "htmx:beforeSwap", "part", "library-list"), true);
  assert.equal(asked(body, "htmx:beforeSwap", "page"), true);
});
