/**
 * Seals from a page: in the sealing worker where the browser has one, else in the page itself, which is slower.
 */

import { plainEngine } from "./seal-engine.js";
import { hashed } from "./blocks.js";
import { toHex } from "./encoding.js";
import { Problem } from "./problem.js";
import { CLIENT, sealBid } from "./seal.js";

const START = 8000; // milliseconds until a worker that says nothing is given up

/** Begin with a worker at this address; `worker` is undefined when this browser does not let it run. */
export async function startSealer(url) {
  const worker = await started(url).catch(() => undefined);
  const client = await clientOf(worker ? url : import.meta.url).catch(() => CLIENT);
  return worker ? new WorkerSealer(worker, url, client) : new PageSealer(client);
}

/** "yiwang-web/0.1.0 sha256:<of the script that seals, as it came>". */
export async function clientOf(url) {
  const answer = await fetch(url, { cache: "force-cache", credentials: "same-origin" });
  if (!answer.ok) throw new Problem("读不到密封程序", "the sealing program cannot be read");
  return `${CLIENT} sha256:${toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.arrayBuffer())))}`;
}

function started(url) {
  return new Promise((resolve, reject) => {
    if (!url) throw new Error("no worker was built");
    const worker = new Worker(url, { type: "module" });
    const late = setTimeout(() => reject(new Error("the worker did not start")), START);
    const end = (act, value) => { clearTimeout(late); act(value); };
    worker.onerror = (event) => end(reject, new Error(event.message));
    worker.onmessage = ({ data }) => data.ready && end(resolve, worker);
  });
}

class WorkerSealer {
  constructor(worker, url, client) {
    Object.assign(this, { worker, url, client, where: "worker" });
    this.waiting = new Map();
    this.#listen();
  }

  #listen() {
    this.worker.onmessage = ({ data }) => this.#told(data);
    this.worker.onerror = (event) => this.#told({ failed: { zh: event.message, en: event.message } });
  }

  #told({ reading, progress, ...data }) {
    if (reading) this.now?.reading?.(...reading);
    if (progress) this.now?.progress?.(...progress);
    const waiting = "id" in data ? this.waiting.get(data.id) : this.now;
    if (data.failed) waiting?.reject(new Problem(data.failed.zh, data.failed.en));
    if (data.hashed) waiting?.resolve(data.hashed);
    if (data.sealed) waiting?.resolve(data.sealed);
    if (data.failed || data.hashed) this.waiting.delete(data.id);
  }

  /** Read a document ahead; gives what sealBid takes as `known`. */
  hash(blob) {
    const id = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, hash: blob });
    });
  }

  /** See sealBid. `path`: where in the browser's file system; the result has `envelope` only where that has no files. */
  seal(bid, path, { reading, progress } = {}) {
    return new Promise((resolve, reject) => {
      this.now = { resolve, reject, reading, progress };
      this.worker.postMessage({ bid: { ...bid, client: this.client }, path });
    });
  }

  /** Stop what it does; it can be used again. */
  async cancel() {
    const stopped = new Problem("已取消密封，没有发送任何内容", "sealing was stopped; nothing was sent");
    this.now?.reject(stopped);
    for (const { reject } of this.waiting.values()) reject(stopped);
    this.waiting.clear();
    this.worker.terminate();
    this.worker = await started(this.url);
    this.#listen();
  }
}

class PageSealer {
  constructor(client) {
    Object.assign(this, { client, where: "page" });
  }

  hash(blob) {
    return hashed(blob, plainEngine);
  }

  seal(bid, path, { reading, progress } = {}) {
    this.stop = new AbortController();
    return sealBid({ ...bid, client: this.client, reading, progress, signal: this.stop.signal });
  }

  async cancel() {
    this.stop?.abort(new Problem("已取消密封，没有发送任何内容", "sealing was stopped; nothing was sent"));
  }
}
