/**
 * The way of a sealed file to the center: commit (its hash goes on the log), upload (resumable, tus protocol), deliver.
 * Each step is noted in the record on the shelf before the next begins, so that it can go on after the browser was closed
 * or the network failed; each is safe to repeat.
 */

import * as tus from "tus-js-client";
import { Problem } from "./problem.js";
import { Refused } from "./refused.js";

// Longer than the last minute before a deadline, in which the server takes commitments alone (NL-38).
const RETRIES = [0, 1000, 3000, 5000, 10_000, 20_000, 20_000, 20_000];
const PIECE = 16 * 2 ** 20;
const PLACED = 40; // how often the log is asked for an entry's place, half a second apart

/**
 * Send one sealed bid.
 * @param {object} record of the shelf, kind "sealed": sha256, size, manifestSha256, client, lot, file, commit?, upload?
 * @param {{commit: string, deliver: string, uploads: string, receipts: string}} urls
 * @param {string} token against forged requests
 * @param {() => Promise<void>} keep writes the record to the shelf
 * @param {() => Promise<Blob | undefined>} file gives the sealed file
 * @param {(news: {stage: string, done?: number, total?: number}) => void} tell
 * @param {AbortSignal} signal pauses the upload
 * @returns {Promise<object>} the receipt of the delivery
 */
export async function sendBid({ record, urls, token, keep, file, tell, signal }) {
  if (record.state === "spoiled") throw new Problem("这份密封件已拆开检查，不能提交", "this envelope was opened for a check and cannot be sent");
  if (!record.commit) {
    tell({ stage: "committing" });
    const { sha256, size, manifestSha256, client, lot } = record;
    const body = { envelope_sha256: sha256, envelope_size: size, manifest_sha256: manifestSha256, client, lot };
    record.commit = short(await act(urls.commit, body, token, `commit ${sha256}`));
    record.state = "committed";
    await keep();
  }
  place(record, urls, keep, tell); // beside the upload; nothing waits for it
  const content = await uploaded({ record, urls, token, keep, file, tell, signal });
  tell({ stage: "delivering" });
  const receipt = await act(urls.deliver, { content, lot: record.lot }, token, `deliver ${record.sha256}`);
  record.delivery = short(receipt);
  record.state = "delivered";
  await keep();
  tell({ stage: "delivered" });
  return receipt;
}

/** Ask the API for an act. */
async function act(url, body, token, key) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token, "Idempotency-Key": key };
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body: JSON.stringify(body), headers, credentials: "same-origin" });
  } catch {
    throw new Problem("网络中断，请稍后继续；密封文件还在本机", "the network failed; go on later. The sealed file is still on this device");
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, said);
  return said;
}

const short = ({ act: id, at, index, entry }) => ({ act: id, at, index, entry });

/** Find out the log index of the commitment; it comes within about a second. */
export async function place(record, urls, keep, tell) {
  for (let round = 0; round < PLACED && record.commit.index === null; round++) {
    if (round) await new Promise((resolve) => setTimeout(resolve, 500));
    const answer = await fetch(`${urls.receipts}${record.commit.act}`, { credentials: "same-origin" }).catch(() => undefined);
    if (!answer?.ok) continue;
    record.commit.index = (await answer.json()).index;
    if (record.commit.index === null) continue;
    await keep();
    tell({});
  }
}

async function uploaded({ record, urls, token, keep, file, tell, signal }) {
  const blob = await file();
  if (!blob) {
    throw new Problem("浏览器已清除这份密封文件；如果另存过，请在“交付密封文件”页上传", "the browser has thrown this sealed file away; if you saved it, hand it in on the page “deliver”");
  }
  let content;
  await new Promise((resolve, reject) => {
    const upload = new tus.Upload(blob, {
      endpoint: urls.uploads,
      uploadUrl: record.upload ?? null,
      chunkSize: PIECE,
      retryDelays: RETRIES,
      storeFingerprintForResuming: false,
      metadata: { sha256: record.sha256, manifest_sha256: record.manifestSha256 },
      headers: { "X-CSRFToken": token },
      onUploadUrlAvailable: () => {
        record.upload = upload.url;
        keep();
      },
      onProgress: (done, total) => tell({ stage: "uploading", done, total }),
      onAfterResponse: (request, response) => { content = response.getHeader("Upload-Token") ?? content; },
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        if (!status) tell({ stage: "again" });
        if (status === 503) tell({ stage: "later" });
        return status === 0 || status >= 500 || [409, 423, 429].includes(status);
      },
      onSuccess: resolve,
      onError: (error) => reject(uploadProblem(error)),
    });
    signal?.addEventListener("abort", () => {
      upload.abort();
      reject(new Paused());
    });
    tell({ stage: "uploading", done: 0, total: record.size });
    upload.start();
  });
  return content;
}

/** The upload was paused by its owner; nothing is wrong. */
export class Paused extends Problem {
  constructor() {
    super("已暂停", "paused");
  }
}

function uploadProblem(error) {
  const response = error.originalResponse;
  if (!response) return new Problem("网络中断，已传的部分不会丢，联网后继续", "the network failed; what has come through is kept, go on when you are online");
  let body = {};
  try {
    body = JSON.parse(response.getBody());
  } catch {
    body = { reasons: [{ message: { zh: `上传没有被接受（${response.getStatus()}）`, en: `the upload was not accepted (${response.getStatus()})` } }] };
  }
  return new Refused(response.getStatus(), body);
}
