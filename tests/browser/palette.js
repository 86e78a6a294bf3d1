// Makes a screenshot small: at most 256 colours, written as a palette PNG. Runs in the browser that took it.
async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height);
  const draw = canvas.getContext("2d", { willReadFrequently: true });
  draw.drawImage(image, 0, 0);
  const pixels = new Uint32Array(draw.getImageData(0, 0, width, height).data.buffer);

  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const parts = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  const distance = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
  const ranked = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || a - b);
  // The commonest colours as they are; then a colour close to one that is in already waits, so that rare but distinct ones get in.
  const palette = ranked.slice(0, 48).map(parts);
  for (const apart of [200, 60, 12, 0]) {
    for (const pixel of ranked) {
      if (palette.length === 256) break;
      const colour = parts(pixel);
      if (palette.every((each) => distance(each, colour) > apart)) palette.push(colour);
    }
  }
  const nearest = new Map();
  for (const pixel of ranked) {
    const colour = parts(pixel);
    let best = 0;
    for (let i = 1, least = distance(palette[0], colour); i < palette.length; i++) {
      const far = distance(palette[i], colour);
      if (far < least) [least, best] = [far, i];
    }
    nearest.set(pixel, best);
  }

  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = nearest.get(pixels[y * width + x]);
  const packed = new Response(new Blob([rows]).stream().pipeThrough(new CompressionStream("deflate")));
  const data = new Uint8Array(await packed.arrayBuffer());

  const table = Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
    return n >>> 0;
  });
  const chunk = (name, body) => {
    const whole = new Uint8Array(body.length + 12);
    const view = new DataView(whole.buffer);
    view.setUint32(0, body.length);
    whole.set([...name].map((c) => c.charCodeAt(0)), 4);
    whole.set(body, 8);
    let crc = 0xffffffff;
    for (const byte of whole.subarray(4, body.length + 8)) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
    view.setUint32(body.length + 8, (crc ^ 0xffffffff) >>> 0);
    return whole;
  };
  const head = new Uint8Array(13);
  new DataView(head.buffer).setUint32(0, width);
  new DataView(head.buffer).setUint32(4, height);
  head.set([8, 3, 0, 0, 0], 8);
  const made = new Blob([
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", head), chunk("PLTE", Uint8Array.from(palette.flat())), chunk("IDAT", data), chunk("IEND", new Uint8Array()),
  ]);
  const address = await new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(made);
  });
  return address.slice(address.indexOf(",") + 1);
}
