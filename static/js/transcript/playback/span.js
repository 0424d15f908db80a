// A part of the audio that is played once or again and again.

// Seeking ends a loop only if it leaves it by more than this.
const SLACK_MS = 50;

export function createSpan() {
  let span = null;
  return {
    get isLooping() { return Boolean(span?.loops); },
    set(from, to, { loops = false } = {}) { span = to > from ? { from, to, loops } : null; },
    clear() { span = null; },
    // Forgets the span if playback moves out of it.
    leave(ms) { if (span && (ms < span.from - SLACK_MS || ms > span.to + SLACK_MS)) span = null; },
    // Says what is due at this time: the position to continue from, "pause", or nothing.
    due(ms) {
      if (!span || ms < span.to) return null;
      if (span.loops) return span.from;
      span = null;
      return "pause";
    },
  };
}
