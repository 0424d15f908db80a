// The panel "Subtitles": the profile, one subtitle as viewers see it with its fault, the list of faults, and what is around it.
import { button, kbd, make, redraw } from "../dom.js";
import { around, counted, faultsOf, left, seconds, tenths } from "./cues.js";

// More rows than anyone reads at a time would make the panel slow.
const MOST_LISTED = 100;
const HINTS = [[["J", "K"], "next, previous fault"], [["X"], "extend"], [["T"], "split"], [["A"], "accept"]];

const cell = (text, properties = {}) => make("td", { className: "num", ...properties }, text);
const head = (...names) => make("thead", {}, make("tr", {}, ...names.map((name) => make("th", { scope: "col" }, name))));

// `acts` are { choose(index), setProfile(value), extend(), split(), accept(), withdraw() }.
export function createSubtitlePanel({ panel, isEditable, acts }) {
  const profile = make("select", { onchange: () => acts.setProfile(profile.value) });
  const status = make("p", { className: "small soft", role: "status" });
  const shown = make("div", { className: "cue-shown" });
  const title = make("h2", {});
  const list = make("div", { className: "cue-list" });
  const nearby = make("div", { className: "cue-list" });
  const hints = make("p", { className: "hints small soft" }, ...HINTS.filter((_, at) => isEditable || !at).map(([keys, text]) => make("span", {}, ...keys.map(kbd), text)));
  const body = make("div", { className: "cue-scroll" }, make("label", { className: "small soft" }, "Profile", profile), shown, status, title, list, make("h2", {}, "Around this moment"), nearby);
  panel.classList.add("cue-panel");
  panel.append(body, hints);
  body.hidden = true;
  panel.prepend(make("p", { className: "cue-wait soft" }, "Cutting subtitles …"));

  function drawProfiles({ profiles, profile: chosen }) {
    if (profile.options.length !== profiles.length) profile.replaceChildren(...profiles.map(({ value, label }) => make("option", { value }, label)));
    profile.value = chosen;
  }

  function deeds(cue, faults) {
    if (!isEditable) return [];
    const lacking = faults.find(({ more_ms, accepted }) => more_ms && !accepted);
    const isOpen = faults.some(({ accepted }) => !accepted);
    return [
      lacking && button(`Extend ${seconds(lacking.more_ms)}`, acts.extend, { key: "extend" }),
      cue.split && button("Split", acts.split, { key: "split" }),
      isOpen && button("Accept as it is", acts.accept, { key: "accept" }),
      faults.length > 0 && !isOpen && button("Count it again", acts.withdraw, { key: "accept" }),
    ].filter(Boolean);
  }

  function drawShown({ cues, faults: all }, at) {
    const cue = cues[at];
    if (!cue) return redraw(shown, []);
    const faults = faultsOf(all, at);
    const isFast = faults.some(({ kind, accepted }) => kind === "too_fast" && !accepted);
    return redraw(shown, [
      make("div", { className: "cue-screen" }, make("p", { dir: "auto" }, cue.lines.join("\n"))),
      make("p", { className: "cue-facts small" },
        make("b", { className: isFast ? "num over" : "num" }, `${cue.cps} characters a second`), make("span", { className: "num soft" }, `${tenths(cue.start)}–${tenths(cue.end)}`)),
      ...faults.map(({ label, message, accepted }) => make("p", { className: "small soft" }, make("b", {}, `${label}${accepted ? ", accepted" : ""}: `), message)),
      make("div", { className: "cue-deeds" }, ...deeds(cue, faults)),
    ]);
  }

  const start = (cues, index, current, name) => make("th", { scope: "row" },
    button(tenths(cues[index].start), () => acts.choose(index), { key: `${name}-${index}`, className: "at num", ...(index === current && { "aria-current": "true" }) }));

  function drawFaults({ cues, faults }, current) {
    const open = left(faults);
    const [first, last] = around(open.length, open.findIndex(({ cue }) => cue >= current), MOST_LISTED);
    const rows = open.slice(first, last).map(({ cue, kind, label }) => make("tr", {}, start(cues, cue, current, `fault-${kind}`), cell(label, { className: "" }),
      cell(String(cues[cue].cps), { className: kind === "too_fast" ? "num over" : "num" }), cell(String(cues[cue].longest), { className: kind === "line_too_long" ? "num over" : "num" })));
    title.textContent = counted(faults, cues.length);
    const accepted = faults.length - open.length;
    redraw(list, [
      rows.length > 0 && make("table", { "aria-label": "Faults" }, head("Start", "Fault", "cps", "Longest"), make("tbody", {}, ...rows)),
      rows.length < open.length && make("p", { className: "small soft" }, `${rows.length} of them, near this moment.`),
      accepted > 0 && make("p", { className: "small soft" }, `${accepted.toLocaleString("en")} accepted as they are.`),
    ].filter(Boolean));
  }

  function drawNearby({ cues }, current) {
    const [first, last] = around(cues.length, current);
    const rows = cues.slice(first, last).map((cue, row) => make("tr", first + row === current ? { className: "current" } : {}, start(cues, first + row, current, "near"),
      cell(`${((cue.end - cue.start) / 1_000).toFixed(1)} s`), cell(String(cue.cps)), cell(String(cue.longest))));
    redraw(nearby, rows.length ? [make("table", { "aria-label": "Around this moment" }, head("Start", "Lasts", "cps", "Longest"), make("tbody", {}, ...rows))] : []);
  }

  return {
    draw(shownNow, current) {
      panel.querySelector(".cue-wait")?.remove();
      body.hidden = false;
      drawProfiles(shownNow);
      drawShown(shownNow, current);
      drawFaults(shownNow, current);
      drawNearby(shownNow, current);
    },
    say: (text) => {
      status.textContent = text;
      const wait = panel.querySelector(".cue-wait");
      if (wait && text) wait.textContent = text;
    },
  };
}
