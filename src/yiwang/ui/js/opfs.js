/**
 * Files in the browser's own file system (Origin Private File System). Paths are lists of names: folders, then the file.
 * Nothing of it is seen by other sites, and none of it is ever sent by itself.
 */

/** Whether this browser keeps files at all; false in some private windows. */
export async function hasFiles() {
  try {
    await navigator.storage.getDirectory();
    return true;
  } catch {
    return false;
  }
}

/**
 * A sink that writes a new file, for workers: only they have the fast way to write.
 * @param {string[]} path
 * @returns {Promise<{write(bytes: Uint8Array): void, close(): undefined}>}
 */
export async function fileSink(path) {
  const file = await (await folder(path.slice(0, -1), true)).getFileHandle(path.at(-1), { create: true });
  const access = await file.createSyncAccessHandle();
  access.truncate(0);
  let at = 0;
  return {
    write(bytes) {
      at += access.write(bytes, { at });
    },
    close() {
      access.flush();
      access.close();
      return undefined;
    },
  };
}

/**
 * Write a Blob as a file; the old one of that name is replaced once the new one is complete.
 * @param {string[]} path
 * @param {Blob} blob
 */
export async function writeFile(path, blob) {
  const file = await (await folder(path.slice(0, -1), true)).getFileHandle(path.at(-1), { create: true });
  await blob.stream().pipeTo(await file.createWritable());
}

/**
 * The file at a path, or undefined.
 * @param {string[]} path
 * @returns {Promise<File | undefined>}
 */
export async function readFile(path) {
  try {
    return await (await (await folder(path.slice(0, -1))).getFileHandle(path.at(-1))).getFile();
  } catch {
    return undefined;
  }
}

/** Remove a file, or a folder with all in it; nothing happens when it is not there. */
export async function remove(path) {
  try {
    await (await folder(path.slice(0, -1))).removeEntry(path.at(-1), { recursive: true });
  } catch (error) {
    if (error.name !== "NotFoundError" && error.name !== "SecurityError") throw error;
  }
}

async function folder(names, create = false) {
  let at = await navigator.storage.getDirectory();
  for (const name of names) at = await at.getDirectoryHandle(name, { create });
  return at;
}
