// Files that are chosen together are a batch, which has a page of its own from its first upload on.
import { uuid } from "../ids.js";

// Returns the options of the files: those of several name their batch.
export const withBatch = (options, files, newId = uuid) => (files > 1 ? { ...options, batch: { id: newId(), files } } : options);

// Shows where the newest batch is followed that the server knows of.
export function showBatch(link, items) {
  const begun = items.filter(({ batch, url }) => batch && url);
  const newest = begun.reduce((last, item) => (!last || item.added >= last.added ? item : last), null);
  link.hidden = !newest;
  if (newest) link.href = `/batches/${newest.batch.id}/`;
}
