// A page that speaks by itself: the product's own way to the server and spool, and in the place of the microphone
// sound that carries in each sample the number of its tenth of a second.
import { claim } from "../../static/js/recorder/page_id.js";
import { link } from "../../static/js/recorder/transport/uplink.js";
import { spool } from "../../static/js/recorder/transport/unsent_audio.js";

const FRAME_MS = 100;
const SAMPLES = 1600;

// `base` is what the samples of the first frame say; `again` whether the session began on another page.
window.speak = async ({ session, base, again }) => {
  const kept = await spool(session);
  const from = await kept.end();
  const heard = [];
  let greeted = false;
  const identity = await claim(session);
  identity.remember();
  const way = link({
    url: `ws://${location.host}/ws/live/${session}/`,
    page: identity.page,
    kept,
    hear: (message) => {
      greeted = true;
      if (message.type === "partial" || message.type === "segment") heard.push(Date.now());
      if (message.type === "finished") window.finished = true;
    },
    changed: (how) => { window.how = how; },
  });
  way.begin(from, from > 0 || !again);
  // Someone pressed Start, once
  if (sessionStorage.getItem(session)) way.open();
  else way.take();
  sessionStorage.setItem(session, "begun");
  let due = performance.now();
  const timer = setInterval(() => {
    if (again && !from && !greeted) due = performance.now();
    for (; due <= performance.now(); due += FRAME_MS) way.push(new Int16Array(SAMPLES).fill(base + way.end).buffer);
  }, FRAME_MS / 4);
  window.heard = heard;
  window.saidSoFar = () => way.end;
  window.stopSpeaking = () => {
    clearInterval(timer);
    way.stop();
    return way.end;
  };
  return from;
};
