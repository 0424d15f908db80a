// The frame of the word that is checked. A range needs no element, so undo and the caret never notice.

const NAME = "doubt-now";

export function createMark() {
  const clear = () => globalThis.CSS?.highlights?.delete(NAME);
  return {
    show: (range) => globalThis.CSS?.highlights?.set(NAME, Object.assign(new Highlight(range), { priority: 4 })),
    clear,
    end: clear,
  };
}
