// Everything the pages do. Each behaviour is a module of its own.
import htmx from "htmx.org";
import { connection } from "./connection.js";
import { copy } from "./copy.js";
import { watchRows } from "./library/refresh.js";
import { recordingBar } from "./recorder/recording_bar.js";
import { captions } from "./transcript/captions.js";
import { draftPanel } from "./transcript/conflicts.js";
import { leftovers } from "./recorder/unsent_audio_panel.js";
import { watchLeaving } from "./recorder/recordings.js";
import { live } from "./transcript/live_page.js";
import { watchMenus } from "./menus.js";
import { define, start } from "./modules.js";
import { watchNotices } from "./notices.js";
import { reader } from "./transcript/reader.js";
import { rename } from "./library/title.js";
import { watchShortcuts } from "./hotkeys.js";
import { watchTimes } from "./clock.js";
import { picker } from "./uploads/picker.js";
import { uploads } from "./uploads/tray.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  scrollBehavior: "instant",
  // What is shown works at once: a click must not fall between a page and its behaviour.
  defaultSettleDelay: 0,
  // Error pages are pages: show them instead of leaving the old one standing.
  responseHandling: [
    { code: "204", swap: false },
    { code: "...", swap: true },
  ],
});

define("captions", captions);
define("connection", connection);
define("copy", copy);
define("drafts", draftPanel);
define("leftovers", leftovers);
define("live", live);
define("picker", picker);
define("reader", reader);
define("recording-bar", recordingBar);
define("rename", rename);
define("uploads", uploads);

watchRows();
watchTimes();
watchMenus();
watchNotices();
watchShortcuts();
watchLeaving();
start();

// A whole page where a part was asked for is the sign-in or an error: it belongs in the window, not in the part.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse } = event.detail;
  if (target.id === "shell" || !/^\s*<!doctype/i.test(serverResponse)) return;
  event.detail.shouldSwap = false;
  location.reload();
});

// A page that came by a boosted link is announced and read from its top.
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "shell" || event.detail.elt?.id === "shell") {
    document.getElementById("page")?.focus({ preventScroll: true });
  }
});
