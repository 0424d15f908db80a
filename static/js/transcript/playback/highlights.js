// Paints the spoken word and the doubtful ones with the CSS Custom Highlight API: no element a word, so a text of
// 50,000 words stays one text node a segment.

const paints = "highlights" in CSS && typeof Highlight === "function";

export function rangeOf(paragraph, word) {
  const text = paragraph?.firstChild;
  if (!text || word.offset + word.length > text.length) return null;
  const range = new Range();
  range.setStart(text, word.offset);
  range.setEnd(text, word.offset + word.length);
  return range;
}

export function heardPainter(sections) {
  let present = null;
  return (word) => {
    const section = word ? sections[word.segment] : null;
    if (section !== present) {
      present?.classList.remove("now");
      section?.classList.add("now");
      present = section;
    }
    const range = word && rangeOf(section.querySelector("p"), word);
    if (!paints) return range;
    if (range) CSS.highlights.set("heard", new Highlight(range));
    else CSS.highlights.delete("heard");
    return range;
  };
}

// Only segments near the view carry their marks: thousands of ranges would be measured at each scroll.
export function paintDoubts(text, sections, groups) {
  if (!paints) return () => {};
  const doubts = new Highlight();
  const shown = new Map();
  CSS.highlights.set("doubtful", doubts);

  const show = (section) => {
    const words = groups[Number(section.dataset.segment)].filter((word) => word.doubtful);
    const ranges = words.map((word) => rangeOf(section.querySelector("p"), word)).filter(Boolean);
    ranges.forEach((range) => doubts.add(range));
    shown.set(section, ranges);
  };
  const hide = (section) => {
    shown.get(section)?.forEach((range) => doubts.delete(range));
    shown.delete(section);
  };
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        hide(entry.target);
        if (entry.isIntersecting) show(entry.target);
      }
      text.toggleAttribute("data-painted", true);
    },
    { rootMargin: "100% 0px" },
  );
  sections.forEach((section) => watcher.observe(section));
  return () => {
    watcher.disconnect();
    CSS.highlights.delete("doubtful");
    CSS.highlights.delete("heard");
  };
}
