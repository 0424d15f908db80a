// Everything that the pages do: a behaviour is a module of its own, bound here to its name.
import htmx from "htmx.org";
import { passkey } from "./account/passkeys.js";
import { accountSettings } from "./account/settings.js";
import { tabs } from "./account/tabs.js";
import { teamSwitch } from "./account/team_switch.js";
import { mediaSum } from "./certificates/media_sum.js";
import { watchTimes } from "./clock.js";
import { connection } from "./connection.js";
import { article } from "./quotes/article.js";
import { copy } from "./copy.js";
import { exportDialog } from "./exports/dialog.js";
import { guestReader } from "./guests/reader.js";
import { watchHotkeys } from "./hotkeys.js";
import { hotkeysHelp } from "./keys/hotkeys_help.js";
import { watchOwnKeys } from "./keys/own_keys.js";
import { pedalDialog } from "./keys/pedal_dialog.js";
import { isRecording, watchEvents } from "./library/refresh.js";
import { libraryRows } from "./library/rows.js";
import { selection } from "./library/selection.js";
import { title } from "./library/title.js";
import { livePage } from "./live/live_page.js";
import { watchMenus } from "./menus.js";
import { define, start } from "./modules.js";
import { watchNotices } from "./notices.js";
import { recordingBar } from "./recorder/recording_bar.js";
import { unsentAudioPanel } from "./recorder/unsent_audio_panel.js";
import { momentPlayer } from "./search/moments.js";
import { shareDialog } from "./sharing/dialog.js";
import { share } from "./sharing/share.js";
import { sides } from "./sides/page.js";
import { captions } from "./transcript/captions.js";
import { draftPanel } from "./transcript/draft_panel.js";
import { showLastPage } from "./shell/last_page.js";
import { reader } from "./transcript/reader.js";
import { fileForm } from "./uploads/file_form.js";
import { uploads } from "./uploads/tray.js";
import { uploadDialog } from "./uploads/upload_dialog.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  scrollBehavior: "instant",
  // What is shown works immediately: a click must not fall between a page and its behaviour.
  defaultSettleDelay: 0,
  // Error pages are pages: show them instead of leaving the old page in place.
  responseHandling: [
    { code: "204", swap: false },
    { code: "...", swap: true },
  ],
});

define("account-settings", accountSettings);
define("captions", captions);
define("connection", connection);
define("article", article);
define("copy", copy);
define("drafts", draftPanel);
define("export-dialog", exportDialog);
define("file-form", fileForm);
define("guest-reader", guestReader);
define("hotkeys-help", hotkeysHelp);
define("library-rows", libraryRows);
define("live-page", livePage);
define("media-sum", mediaSum);
define("moment-player", momentPlayer);
define("passkey", passkey);
define("pedals", pedalDialog);
define("reader", reader);
define("recording-bar", recordingBar);
define("sides", sides);
define("tabs", tabs);
define("selection", selection);
define("share", share);
define("share-dialog", shareDialog);
define("team-switch", teamSwitch);
define("title", title);
define("unsent-audio", unsentAudioPanel);
define("upload-dialog", uploadDialog);
define("uploads", uploads);

watchEvents();
showLastPage(document.body);
watchTimes();
watchMenus();
watchNotices();
watchOwnKeys();
watchHotkeys();
start();

// A whole page in answer to a fragment is the sign-in or an error: it belongs in the window, not in the fragment, unless
// something is being recorded there.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse } = event.detail;
  if (target.id === "shell" || !/^\s*<!doctype/i.test(serverResponse)) return;
  event.detail.shouldSwap = false;
  if (!isRecording()) location.reload();
});

// A page that a boosted link loaded is announced and read from its top.
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "shell" || event.detail.elt?.id === "shell") {
    document.getElementById("page")?.focus({ preventScroll: true });
  }
});
