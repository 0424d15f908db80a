// Review as work on a transcript's page: ticks, status, reviewer and claims in one hand for the editor.
import { createClaims } from "./claims.js";
import { createReviewHeader } from "./header.js";
import { createProgress } from "./progress.js";
import { createTicks } from "./ticks.js";

// `first` is the review as the page began with it. The editor comes later, by `useEditor`, because it needs the plugins.
export function createReview({ root, first, urls, me, tell }) {
  const showProgress = createProgress(root);
  const claims = createClaims({ claims: first.claims, me: me.id, mayManage: me.manages, url: urls.claims, tell });
  let header = null;
  let ticks = null;

  return {
    plugins: [claims.plugin],
    keys: { "review.tick": () => ticks.reviewedAndNext(), "review.untick": () => ticks.notReviewed() },
    useEditor: (editor, playedId) => {
      ticks = createTicks({ editor, playedId, tell });
      header = createReviewHeader({ root, editor, url: urls.review, tell, onReplaced: claims.list });
      claims.list();
    },
    toggle: (id) => ticks.toggle(id),
    receive: (message) => {
      showProgress(message);
      claims.receive(message);
      header?.receive(message);
    },
    end: () => {
      claims.end();
      header.end();
    },
  };
}
