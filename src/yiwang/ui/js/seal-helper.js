/**
 * The second thread of sealing: it hashes the finished envelope and writes it, while the first one reads and encrypts.
 * A few blocks may wait at a time and their buffers go back and forth, so that memory stays the same.
 */

import { fileSink } from "./opfs.js";
import { blobSink } from "./seal.js";
import { wasmEngine } from "./seal-engine-wasm.js";

const WAITING = 4;

/** In the helper: first {path}, then blocks; {end: true} asks for hash and envelope. */
export async function serve() {
  let hash, sink;
  self.addEventListener("message", async ({ data }) => {
    try {
      if (data.block) {
        const bytes = new Uint8Array(data.block, 0, data.size);
        hash.update(bytes);
        sink.write(bytes);
        self.postMessage({ free: data.block }, [data.block]);
      } else if (data.end) {
        self.postMessage({ digest: hash.digest(), envelope: sink.close() });
      } else {
        hash = (await wasmEngine()).hash();
        sink = (data.path && (await fileSink(data.path).catch(() => undefined))) || blobSink();
        self.postMessage({ ready: true });
      }
    } catch (error) {
      self.postMessage({ failed: error.message });
    }
  });
}

/**
 * A sink of sealBid in a worker of its own.
 * @param {string[] | undefined} path where to write; a Blob without it, or where the browser keeps no files
 * @returns {Promise<import("./seal.js").Sink>}
 * @throws where a worker cannot have a worker, or no fast engine
 */
export async function helperSink(path) {
  const helper = new Worker(self.location.href, { type: "module", name: "helper" });
  const free = [];
  const waiters = [];
  let out = 0, said = {}, failure;
  const wake = () => waiters.splice(0).forEach((each) => each());
  const news = () => new Promise((resolve) => waiters.push(resolve));
  helper.onerror = (event) => { failure = new Error(event.message || "the helper failed"); wake(); };
  helper.onmessage = ({ data }) => {
    if (data.failed) failure = new Error(data.failed);
    if (data.free) { free.push(data.free); out -= 1; }
    said = data;
    wake();
  };
  const until = async (done) => {
    while (!failure && !done()) await news();
    if (failure) { helper.terminate(); throw failure; }
  };
  helper.postMessage({ path });
  await until(() => said.ready);
  return {
    async write(bytes) {
      await until(() => out < WAITING);
      out += 1;
      const { buffer, byteOffset, length } = bytes;
      // Whole buffers are handed over; a small piece of something else is copied.
      const block = byteOffset === 0 && buffer.byteLength >= 65536 ? buffer : bytes.slice().buffer;
      const size = buffer.byteLength;
      helper.postMessage({ block, size: length }, [block]);
      if (block !== buffer) return undefined;
      return new Uint8Array(takeOf(free, size) ?? new ArrayBuffer(size));
    },
    async close() {
      helper.postMessage({ end: true });
      await until(() => said.digest);
      helper.terminate();
      return { digest: said.digest, envelope: said.envelope };
    },
  };
}

function takeOf(free, size) {
  const at = free.findIndex((each) => each.byteLength === size);
  return at < 0 ? undefined : free.splice(at, 1)[0];
}
