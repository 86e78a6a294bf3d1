/**
 * A small shelf in this browser (IndexedDB) for what must survive until a later step: shares of a draw.
 */

import { inStore } from "./database.js";

const DATABASE = "yiwang-shelf";
const STORE = "things";

/** Put a thing (anything that can be cloned) under a name. */
export async function put(name, thing) {
  await inStore(DATABASE, STORE, "readwrite", (store) => store.put(thing, name));
}

/** The thing under a name, or undefined. */
export function get(name) {
  return inStore(DATABASE, STORE, "readonly", (store) => store.get(name));
}
