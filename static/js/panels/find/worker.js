// Finds a regular expression away from the page: an expression can take forever, and then the page ends this worker.
import { findIn } from "./matches.js";

addEventListener("message", ({ data: { rows, query } }) => {
  try {
    postMessage({ found: findIn(rows, query) });
  } catch (error) {
    postMessage({ error: error.message });
  }
});
