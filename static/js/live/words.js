// The text as it comes: finals in ink, each once; what may still change in grey, replaced in place.

export function paper(element) {
  const provisional = element.querySelector("[data-provisional]");
  const known = new Set([...element.querySelectorAll("[data-position]")].map((line) => line.dataset.position));

  const bottom = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 160;

  function keepUp(change) {
    const follow = bottom();
    change();
    if (follow) scrollTo({ top: document.documentElement.scrollHeight });
  }

  return {
    last: () => Math.max(-1, ...[...known].map(Number)),
    final: ({ position, text, speaker }) => keepUp(() => {
      if (known.has(String(position))) return;
      known.add(String(position));
      const line = document.createElement("p");
      line.dataset.position = position;
      line.dir = "auto";
      if (speaker) {
        const who = document.createElement("b");
        who.className = "who";
        who.textContent = speaker;
        line.append(who);
      }
      line.append(text);
      provisional.before(line);
      provisional.textContent = "";
    }),
    partial: (text) => keepUp(() => { provisional.textContent = text; }),
  };
}
