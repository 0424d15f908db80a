// What the console's pages do beyond Django's own scripts.
import "../../css/console.css";
import htmx from "htmx.org";
import { watchTimes } from "../clock.js";
import { watchMenus } from "../menus.js";
import { define, start } from "../modules.js";
import { chart } from "./chart.js";
import { completeDjango } from "./django.js";
import { refresh } from "./refresh.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  defaultSettleDelay: 0,
});

define("chart", chart);
define("refresh", refresh);

watchTimes();
watchMenus();
start();
completeDjango();
