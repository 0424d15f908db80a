// Fetches a part of the page again every few seconds, but not while someone decides about something in it.
import htmx from "htmx.org";
import { everySecond } from "../clock.js";
import { createTimer, isIdle } from "./idle.js";

export function refresh(element) {
  const { url, every } = element.dataset;
  const fetch = () => htmx.ajax("GET", url, { source: element, target: element, swap: "outerHTML" });
  return everySecond(createTimer(Number(every), () => isIdle(element), fetch));
}
