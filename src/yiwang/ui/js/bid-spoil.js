/**
 * Spoil-and-check: instead of sending an envelope, its one-time key is revealed, and anybody can look with a program of his
 * own whether this page sealed what was typed. A page that cheats cannot know beforehand which envelopes will be checked.
 * The envelope is spoiled by that and is never sent; a new one is sealed for the bid.
 */

import { openOwn } from "./open.js";
import { shownBid } from "./bid-own.js";
import { fileName, save, say } from "./page.js";

/**
 * @param {{record: object, file: Blob, identity: string, keep: () => Promise<void>}} given
 * @returns {Promise<HTMLElement>} what was inside, and how to check it elsewhere
 */
export async function spoil({ record, file, identity, keep }) {
  // First of all: whoever has the key could open it, so it must not be sent any more, whatever happens next.
  record.state = "spoiled";
  await keep();
  const name = `spoiled-${fileName(record.tender)}-${record.sha256.slice(0, 8)}`;
  save(file, `${name}.sealed`);
  save(new Blob([`# one-time key of a spoiled envelope\n# sha256: ${record.sha256}\n${identity}\n`], { type: "text/plain" }), `${name}.key`);
  const opened = await openOwn(file, identity);
  const box = document.createElement("div");
  box.className = "spoiled";
  const words = document.createElement("p");
  words.textContent = say("已保存密封件和一次性密钥两个文件。下面是本页打开的内容；请在另一台机器上用别的程序再打开一次，比较报价、文件和清单哈希。", "The envelope and its one-time key were saved as two files. Below is what this page finds inside; open it once more with another program, on another machine, and compare price, documents and manifest hash.");
  box.append(words, shownBid(opened), commands(name));
  return box;
}

function commands(name) {
  const pre = document.createElement("pre");
  pre.className = "statement";
  pre.tabIndex = 0;
  pre.setAttribute("aria-label", say("检查用的命令", "commands for the check"));
  pre.textContent = [
    `yiwang open ${name}.sealed --own ${name}.key`,
    "",
    `# ${say("或只用 age：去掉前两行，其余是标准 age 文件", "or with age alone: after the first two lines it is a standard age file")}`,
    `tail -n +3 ${name}.sealed | age -d -i ${name}.key > payload`,
    `# ${say("前 8 字节是清单长度，其后是清单 JSON，再后是各文件", "8 bytes length of the manifest, the manifest as JSON, then the documents")}`,
    "tail -c +9 payload | head -c 4000",
  ].join("\n");
  return pre;
}
