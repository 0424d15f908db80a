// The peer that ingest is compared with: @tus/server with its file store. Arguments: port, folder for the files.
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { Server } = require("@tus/server");
const { FileStore } = require("@tus/file-store");

const [port, directory] = process.argv.slice(2);
new Server({ path: "/uploads", datastore: new FileStore({ directory }) }).listen({ host: "127.0.0.1", port: Number(port) });
