/**
 * The sealing worker: seals a bid beside the page, into a file of the browser's own file system when it has one, else
 * into a Blob. It talks to the page alone; its content policy allows it no network.
 *
 * In: {bid, path}, see sealBid; path: folders and the file's name. Or {id, hash: Blob}, to read a document as soon as it
 * is chosen. Out: {reading: [done, total]}, {progress: [done, total]}, {sealed: {sha256, size, manifestSha256, identity,
 * envelope?, engine}}, {id, hashed: {sha256, marks}} or {failed: {zh, en}, id?}.
 * A second worker of the same script hashes and writes the envelope meanwhile (seal-helper.js).
 */

import { hashed } from "./blocks.js";
import { fileSink } from "./opfs.js";
import { blobSink, hashingSink, sealBid } from "./seal.js";
import { plainEngine } from "./seal-engine.js";
import { wasmEngine } from "./seal-engine-wasm.js";
import { helperSink, serve } from "./seal-helper.js";

const EVERY = 100; // milliseconds between two reports

if (self.name === "helper") serve();
else {
  self.addEventListener("message", ({ data }) => (data.hash ? read(data) : seal(data)));
  self.postMessage({ ready: true });
}

let reading = Promise.resolve();

/** One document after another: reading two files at once is slower. */
function read({ id, hash }) {
  reading = reading.then(async () => {
    try {
      const engine = await fastEngine();
      self.postMessage({ id, hashed: await hashed(hash, engine) });
    } catch (error) {
      self.postMessage({ id, failed: { zh: error.message, en: error.message } });
    }
  });
}

const fastEngine = () => wasmEngine().catch(() => plainEngine);

async function seal({ bid, path }) {
  try {
    const engine = await fastEngine();
    const sink = await helperSink(path).catch(() => ownSink(engine, path));
    const [reading, progress] = [teller("reading"), teller("progress")];
    const sealed = await sealBid({ ...bid, engine, sink, reading, progress });
    self.postMessage({ sealed: { ...sealed, engine: engine.name } });
  } catch (error) {
    self.postMessage({ failed: { zh: error.zh ?? error.message, en: error.en ?? error.message } });
  }
}

/** One thread for everything, in browsers whose workers cannot have workers. */
async function ownSink(engine, path) {
  const file = path && (await fileSink(path).catch(() => undefined));
  return hashingSink(engine.hash(), file || blobSink());
}

function teller(name) {
  let last = 0;
  return (done, total) => {
    if (done < total && performance.now() - last < EVERY) return;
    last = performance.now();
    self.postMessage({ [name]: [done, total] });
  };
}
