/**
 * Canonical JSON (RFC 8785) of values without fractions, the same bytes as yiwang.kernel.canonical in Python.
 */

const encoder = new TextEncoder();
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * @param {unknown} value plain objects, arrays, text, safe integers, true, false, null
 * @returns {Uint8Array} UTF-8 bytes
 * @throws {TypeError} anything else, naming the path to it
 */
export function canonical(value) {
  return encoder.encode(write(value, "$"));
}

function write(value, path) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return text(value, path);
  if (typeof value === "number") return number(value, path);
  if (Array.isArray(value)) return `[${value.map((item, i) => write(item, `${path}[${i}]`)).join(",")}]`;
  if (isPlain(value)) {
    const pairs = Object.keys(value).sort().map((key) => `${name(key, path)}:${write(value[key], `${path}.${key}`)}`);
    return `{${pairs.join(",")}}`;
  }
  throw new TypeError(`${path}: ${typeof value} has no canonical form`);
}

function text(value, path) {
  if (LONE_SURROGATE.test(value)) throw new TypeError(`${path}: a lone surrogate has no canonical form`);
  return JSON.stringify(value);
}

function number(value, path) {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${path}: ${value} is not an integer below 2**53`);
  return Object.is(value, -0) ? "0" : String(value);
}

function name(key, path) {
  // ASCII keys sort alike by UTF-16 units (here) and by code points (Python).
  if (!/^[\x00-\x7f]*$/.test(key)) throw new TypeError(`${path}: the key ${key} is not ASCII text`);
  return JSON.stringify(key);
}

function isPlain(value) {
  if (typeof value !== "object") return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
