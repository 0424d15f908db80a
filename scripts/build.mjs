// Build static/build/: scripts, one style sheet with its fonts, and a sprite of the icons in use.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const out = "static/build";

const icons = [
  "activity", "arrow-left", "arrow-up-to-line", "audio-lines", "ban", "bell", "book-open", "bookmark", "check", "chevron-down", "chevron-up", "circle", "circle-check",
  "circle-dot", "circle-user", "circle-x", "clock-alert", "copy", "corner-up-right", "database", "download", "ellipsis", "eye", "file-text", "film",
  "fingerprint", "folder", "folder-plus", "git-compare", "key-round", "keyboard", "languages", "library", "life-buoy", "list-ordered", "lock-open",
  "log-out", "mail", "message-square", "mic", "monitor", "octagon-alert", "panel-right", "pause", "pencil", "pen-line", "phone-call", "play", "plug", "plus", "receipt", "refresh-cw",
  "repeat", "rotate-ccw", "scroll-text", "search", "settings", "share-2", "shield-check", "sliders-horizontal", "smartphone", "snowflake", "tag", "target", "trash-2",
  "triangle-alert", "undo-2", "upload", "user-plus", "users", "wifi-off", "x",
];

async function symbol(name) {
  const source = await readFile(`node_modules/lucide-static/icons/${name}.svg`, "utf8");
  const shapes = source.replace(/^[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s+/g, " ").trim()}</symbol>`;
}

async function sprite() {
  const symbols = await Promise.all(icons.map(symbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  entryPoints: {
    app: "static/js/app.js",
    worklet: "static/js/recorder/worklet.js",
    find: "static/js/panels/find/worker.js",
    styles: "static/css/app.css",
    console: "static/js/operations/console.js",
    ledger: "static/css/ledger.css",
  },
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome105", "firefox128", "safari17"],
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]",
  legalComments: "eof",
  logLevel: "warning",
});
await writeFile(`${out}/icons.svg`, await sprite());
await copyFile("static/favicon.svg", `${out}/favicon.svg`);
