// A page that records without a microphone: the product's own uplink and storage, and in place of captured audio frames
// whose samples carry their number.
import { claimPageId } from "../../../static/js/recorder/page_id.js";
import { createUplink } from "../../../static/js/recorder/transport/uplink.js";
import { openUnsentAudio } from "../../../static/js/recorder/transport/unsent_audio.js";

const FRAME_MS = 100;
const SAMPLES = 1600;

// `base` is the value of the samples of the first frame; `again` says whether the session began on another page.
window.speak = async ({ session, base, again }) => {
  const storage = await openUnsentAudio(session);
  const from = await storage.end();
  const heard = [];
  let isGreeted = false;
  const pageId = await claimPageId(session);
  pageId.remember();
  const uplink = createUplink({
    url: `ws://${location.host}/ws/live/${session}/`,
    page: pageId.page,
    storage,
    onMessage: (message) => {
      isGreeted = true;
      if (message.type === "partial" || message.type === "segment") heard.push(Date.now());
      if (message.type === "finished") window.finished = true;
    },
    onState: (state) => { window.how = state; },
  });
  uplink.countFrom(from, from > 0 || !again);
  // Someone pressed Start, once
  if (sessionStorage.getItem(session)) uplink.open();
  else uplink.take();
  sessionStorage.setItem(session, "begun");
  let due = performance.now();
  const timer = setInterval(() => {
    if (again && !from && !isGreeted) due = performance.now();
    for (; due <= performance.now(); due += FRAME_MS) uplink.push(new Int16Array(SAMPLES).fill(base + uplink.end).buffer);
  }, FRAME_MS / 4);
  window.heard = heard;
  window.saidSoFar = () => uplink.end;
  window.stopSpeaking = () => {
    clearInterval(timer);
    uplink.stop();
    return uplink.end;
  };
  return from;
};
