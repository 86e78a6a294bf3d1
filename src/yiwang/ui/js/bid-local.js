/**
 * What this device keeps of the reader's bids for a tender: uploads that wait, sealed bids, drafts after the deadline.
 * Shown on the tender's page and on pages of acts that are not possible now; hidden while there is nothing.
 */

import { shownDraft } from "./bid-draft.js";
import { BidPanel } from "./bid-panel.js";
import { Shelf } from "./bid-shelf.js";
import { openedCopy } from "./bid-own.js";
import { button, personOf, say, show, token, wordsOf } from "./page.js";


function LocalBids(element) {
  const facts = JSON.parse(element.dataset.localBids);
  const shelf = new Shelf(personOf(element));
  const part = (name) => element.querySelector(`[data-part=${name}]`);

  this.start = async () => {
    try {
      await draw();
    } catch (error) {
      console.error(error); // a browser that keeps nothing has nothing to show
    }
  };

  async function draw() {
    const records = await shelf.all("sealed", facts.tender);
    const drafts = facts.open ? [] : await shelf.all("draft", facts.tender);
    element.hidden = !records.length && !drafts.length;
    part("drafts").replaceChildren(...drafts.map((draft) => shownDraft(shelf, draft, hideIfEmpty)));
    const panels = records.map((record) => new BidPanel({ shelf, record, facts, token: token(element), changed: hideIfEmpty }));
    part("bids").replaceChildren(...panels.map((panel) => panel.element));
    part("clear").replaceChildren(clearButton());
    const waiting = records.filter((record) => record.state === "committed").length;
    show(part("message"), waiting ? say("有一份上传没有完成，可以继续。", "An upload is waiting: go on with it.") : "", "info");
    part("own-file").onchange = openSaved;
  }

  function clearButton() {
    const made = button(say("删除本项目留在这台设备上的一切", "Remove all that this device keeps for this tender"), async () => {
      if (!confirm(say("草稿、密封件和自留密钥都会删除，不能恢复。确定吗？", "Drafts, sealed bids and your own keys will be gone for good. Remove them?"))) return;
      await shelf.clear(facts.tender);
      await draw();
    }, { place: part("message"), look: "button-quiet" });
    made.dataset.do = "clear";
    return made;
  }

  function hideIfEmpty() {
    element.hidden = !element.querySelector(".kept-bid");
  }

  /** A saved envelope and a saved key, or the key that is kept here. */
  async function openSaved(event) {
    try {
      const files = [...event.target.files];
      const key = files.find((file) => file.size < 4096);
      const typed = key && (await key.text()).split(/\r?\n/).find((line) => line.startsWith("AGE-SECRET-KEY-1"));
      const kept = await shelf.get("own", [facts.tender]);
      part("own-opened").replaceChildren(await openedCopy(files.find((file) => file !== key), typed ?? kept?.identity));
    } catch (error) {
      show(part("message"), wordsOf(error), "error");
    }
  }
}

const holder = document.querySelector("[data-local-bids]");
if (holder) new LocalBids(holder).start();
