/**
 * What this browser keeps of a person's bids: drafts, sealed files on their way, own keys. It is filed under the person's
 * id, never sent anywhere by itself, and removed when its owner asks.
 *
 * Records are in IndexedDB (database yiwang-bids), large files in the browser's file system (opfs.js), or as Blobs in the
 * records where there is none.
 */

import { inStore } from "./database.js";
import { hasFiles, readFile, remove, writeFile } from "./opfs.js";

const DATABASE = "yiwang-bids";
const STORE = "things";
const FOLDER = "yiwang-bids";

/** The shelf of one person. */
export class Shelf {
  /** @param {string} person id, as pages say it in data-person */
  constructor(person) {
    this.person = person;
  }

  /** @param {"draft" | "sealed" | "own"} kind */
  put(kind, names, record) {
    return inStore(DATABASE, STORE, "readwrite", (store) => store.put(record, this.#key(kind, names)));
  }

  get(kind, names) {
    return inStore(DATABASE, STORE, "readonly", (store) => store.get(this.#key(kind, names)));
  }

  /** All records of a kind, of one tender when it is named, the oldest first. */
  async all(kind, tender) {
    const prefix = this.#key(kind, tender === undefined ? [] : [tender]) + "\n";
    const range = IDBKeyRange.bound(prefix, prefix + "\uffff");
    const found = await inStore(DATABASE, STORE, "readonly", (store) => store.getAll(range));
    return found.sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  /** Remove a record and its files. */
  async drop(kind, names) {
    await inStore(DATABASE, STORE, "readwrite", (store) => store.delete(this.#key(kind, names)));
    await remove(this.path(kind, names)).catch(() => {});
  }

  /** Remove all that is kept for a tender, or for every tender of this person. */
  async clear(tender) {
    for (const kind of ["draft", "sealed", "own"]) {
      for (const record of await this.all(kind, tender)) await this.drop(kind, record.names);
    }
    if (tender === undefined) await remove([FOLDER, this.person]).catch(() => {});
  }

  /** Where in the browser's file system something is kept. */
  path(kind, names, ...more) {
    return [FOLDER, this.person, kind, names.map(encodeURIComponent).join("+"), ...more];
  }

  /** Keep a file under an id that is safe as a name; gives what belongs into the record: {path}, or {blob} in browsers without file system. */
  async keep(kind, names, id, blob) {
    if (!(await hasFiles())) return { blob };
    const path = this.path(kind, names, id);
    try {
      await writeFile(path, blob);
      return { path };
    } catch (error) {
      if (error.name === "QuotaExceededError") throw error;
      return { blob };
    }
  }

  /** A kept file, or undefined when the browser has thrown it away. */
  file(kept) {
    return kept.path ? readFile(kept.path) : Promise.resolve(kept.blob);
  }

  #key(kind, names) {
    return [kind, this.person, ...names].join("\n");
  }
}
