/**
 * A small shelf in this browser (IndexedDB) for what must survive until a later step: shares of a draw.
 */

const DATABASE = "yiwang-shelf";
const STORE = "things";

/** Put a thing (anything that can be cloned) under a name. */
export async function put(name, thing) {
  await inStore("readwrite", (store) => store.put(thing, name));
}

/** The thing under a name, or undefined. */
export function get(name) {
  return inStore("readonly", (store) => store.get(name));
}

async function inStore(mode, act) {
  const database = await new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}
