// Paints the spoken word and the doubtful ones with the CSS Custom Highlight API: without an element a word, a text of
// 50,000 words stays one text node a segment.

const isSupported = "highlights" in CSS && typeof Highlight === "function";

export function rangeOf(paragraph, word) {
  const text = paragraph?.firstChild;
  if (!text || word.offset + word.length > text.length) return null;
  const range = new Range();
  range.setStart(text, word.offset);
  range.setEnd(text, word.offset + word.length);
  return range;
}

// Returns what paints a word, or nothing, and returns its range.
export function createSpokenPainter(sections) {
  let current = null;
  return (word) => {
    const section = word ? sections[word.segment] : null;
    if (section !== current) {
      current?.classList.remove("now");
      section?.classList.add("now");
      current = section;
    }
    const range = word && rangeOf(section.querySelector("p"), word);
    if (!isSupported) return range;
    if (range) CSS.highlights.set("heard", new Highlight(range));
    else CSS.highlights.delete("heard");
    return range;
  };
}

// Paints the doubtful words near the view: the browser would measure thousands of ranges at each scroll.
export function paintDoubtful(text, sections, groups) {
  if (!isSupported) return () => {};
  const doubtful = new Highlight();
  const shown = new Map();
  CSS.highlights.set("doubtful", doubtful);

  const show = (section) => {
    const words = groups[Number(section.dataset.segment)].filter((word) => word.doubtful);
    const ranges = words.map((word) => rangeOf(section.querySelector("p"), word)).filter(Boolean);
    ranges.forEach((range) => doubtful.add(range));
    shown.set(section, ranges);
  };
  const hide = (section) => {
    shown.get(section)?.forEach((range) => doubtful.delete(range));
    shown.delete(section);
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        hide(entry.target);
        if (entry.isIntersecting) show(entry.target);
      }
      text.toggleAttribute("data-painted", true);
    },
    { rootMargin: "100% 0px" },
  );
  sections.forEach((section) => observer.observe(section));
  return () => {
    observer.disconnect();
    CSS.highlights.delete("doubtful");
    CSS.highlights.delete("heard");
  };
}
