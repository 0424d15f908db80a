// Uploads a file with tus-js-client: `node client.mjs ORDER`, where ORDER is the JSON of an Order.
import { createReadStream, existsSync, writeFileSync } from "node:fs";
import { FileUrlStorage, Upload } from "tus-js-client";

const order = JSON.parse(process.argv[2]);
if (!existsSync(order.memory)) writeFileSync(order.memory, "{}");

const upload = new Upload(createReadStream(order.file), {
  endpoint: order.endpoint,
  headers: order.headers,
  chunkSize: order.chunk,
  metadata: { filename: order.name },
  retryDelays: Array(100).fill(100),
  urlStorage: new FileUrlStorage(order.memory),
  onError(error) {
    console.error(error);
    process.exit(1);
  },
});

// Begin, or go on with the upload that the memory file tells of.
const [previous] = await upload.findPreviousUploads();
if (previous) upload.resumeFromPreviousUpload(previous);
upload.start();
