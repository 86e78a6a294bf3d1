/**
 * Padmé sizes, as yiwang.seal.padme in Python: a sealed file tells its size class, not its size.
 */

/** Smallest padded payload in bytes. */
export const LEAST = 8192;

/**
 * @param {number} size in bytes, not negative
 * @returns {number} the smallest Padmé size that is not below it
 */
export function padme(size) {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError("a size is an integer that is not negative");
  if (size < 2) return size;
  const exponent = bits(size) - 1;
  // Powers of two divide exactly in a double, so this holds for all safe integers.
  const step = 2 ** (exponent - bits(exponent));
  return Math.ceil(size / step) * step;
}

/** The size in bytes that a payload of `size` bytes is padded to. */
export function paddedSize(size) {
  return Math.max(LEAST, padme(size));
}

function bits(value) {
  return value < 2 ** 31 ? 32 - Math.clz32(value) : value.toString(2).length;
}
