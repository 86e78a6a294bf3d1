/**
 * A side's share of a draw's seed: 32 random bytes made here, kept in this browser and offered as a file. The form
 * draw.commit gets only the commitment, draw.reveal the share itself. No share leaves the device before it is revealed.
 *
 * The form needs an input named `commitment` or `share`; the tender's number is data-tender, else taken from the
 * page's address.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, toHex } from "./encoding.js";
import { button, fileName, save, say, show, wordsOf } from "./page.js";
import { Problem } from "./problem.js";
import { get, put } from "./shelf.js";

const DOMAIN = new TextEncoder().encode("draw-share/v1\n");
const HEX = /^[0-9a-f]{64}$/;

const input = document.querySelector("main form input[name=commitment], main form input[name=share], main form textarea[name=share]");
if (input) start();

/** The commitment to a share: hex SHA-256 of "draw-share/v1\n" and its 32 bytes. */
export function commitmentTo(share) {
  return toHex(sha256(concat(DOMAIN, share)));
}

function start() {
  const place = document.createElement("div");
  place.setAttribute("role", "status");
  place.hidden = true;
  (input.closest(".field") ?? input.parentElement).before(place);
  const act = input.form.dataset.draw === "stand-in" ? standIn : input.name === "commitment" ? startCommit : startReveal;
  act(place).catch((error) => show(place, wordsOf(error), "error"));
}

function shelfName() {
  const tender = input.form.dataset.tender ?? location.pathname.match(/\/tenders\/([^/]+)\//)?.[1] ?? "";
  const person = document.querySelector("[data-person]")?.dataset.person ?? "";
  // each draw of a tender has a share of its own: one that was revealed must not be used again
  return `${input.form.dataset.draw ?? "draw"}/${tender}/${person}`;
}

/** A share in the place of one that was not revealed in time: made here, handed in at once. */
async function standIn(place) {
  const make = button(say("生成代替的随机数", "Make the share"), () => { input.value = toHex(crypto.getRandomValues(new Uint8Array(32))); }, { place, look: "" });
  show(place, say("只在招标方没有公开时需要：由这台设备生成。", "Needed only when it is the host that did not reveal: made on this device."), "info", [make]);
}

async function startCommit(place) {
  if (input.value) return;
  const kept = await get(shelfName());
  if (kept) {
    useShare(place, kept);
    return;
  }
  const make = button(say("生成随机数", "Make the random share"), async () => {
    const share = toHex(crypto.getRandomValues(new Uint8Array(32)));
    await put(shelfName(), share);
    useShare(place, share);
  }, { place, look: "" });
  show(place, say("随机数在这台设备上生成，公开之前不会离开它。", "The share is made on this device and does not leave it before it is revealed."), "info", [make]);
}

function useShare(place, share) {
  input.value = commitmentTo(bytes(share));
  const keep = button(say("另存一份到文件", "Save a copy as a file"), async () => saveShare(share), { place });
  show(place, say("随机数已保存在这个浏览器里，承诺已填好。请再存一份文件，以防换设备。", "The share is kept in this browser; its commitment is filled in. Save a copy too, in case you change devices."), "success", [keep]);
}

async function startReveal(place) {
  const kept = await get(shelfName());
  if (kept && !input.value) {
    input.value = kept;
    show(place, say("已填入这台设备上保存的随机数。", "The share kept on this device is filled in."), "success");
    return;
  }
  const choose = document.createElement("input");
  choose.type = "file";
  choose.setAttribute("aria-label", say("随机数文件", "the share's file"));
  choose.addEventListener("change", () => readShare(choose.files[0]).then(
    (share) => { input.value = share; },
    (error) => show(place, wordsOf(error), "error"),
  ));
  show(place, say("这台设备上没有保存随机数，请选择当时存下的文件。", "No share is kept on this device; choose the file that was saved."), "info", [choose]);
}

async function readShare(file) {
  const line = (await file.text()).split(/\r?\n/).map((each) => each.trim()).find((each) => HEX.test(each));
  if (!line) throw new Problem("文件里没有随机数", "there is no share in this file");
  return line;
}

function saveShare(share) {
  const name = shelfName().split("/")[1];
  const text = `# 一网 抽取随机数 yiwang draw share\n# ${name}\n# commitment: ${commitmentTo(bytes(share))}\n${share}\n`;
  save(new Blob([text], { type: "text/plain" }), `draw-share-${fileName(name)}.txt`);
}

function bytes(hex) {
  return Uint8Array.from(hex.match(/../g), (pair) => Number.parseInt(pair, 16));
}
