// Runs axe on the page as it is now; null when the document does not know axe yet. With `known` null everything is asked of
// the whole page. Otherwise only that of which the answer is not known:
// - Colours (contrast, links in text): of one element for each look that `known` lacks. Text of the same colour, size and
//   weight over the same grounds comes out the same wherever it stands.
// - The size of targets: of those that are smaller than 24 pixels and within 24 pixels of another, or under another, in a
//   setting that `known` lacks. A target that is large enough with no other one over it passes axe's check "target-size", one
//   that has none near passes "target-offset".
// - Whether style sheets lock the orientation, which axe loads them for: once for each set of style sheets.
// - All else depends on the elements, their attributes, and which of them are shown. When a sound document is looked at again,
//   in a window of another size, it is asked again if other elements are shown than before, but for the content of <details>
//   that scripts fold by the width, where `known` has the like folded so. Whether what scrolls can be reached depends on sizes.
async ([known, options]) => {
  if (typeof axe === "undefined") return null;
  const COLOURS = ["color-contrast", "link-in-text-block"], SIZE = "target-size", TURNED = "css-orientation-lock";
  const TARGETS = `a[href], area[href], button, input, select, textarea, summary, details:not(:has(> summary)), [contenteditable],
    [tabindex][role]:not([role=region], [role=group])`;
  const LEAST = 24;
  const CLEAR = "rgba(0, 0, 0, 0)";
  const grounds = new Map();

  // What lies under an element's text: grounds down to one that nothing shines through, opacities, and what moved it elsewhere.
  const ground = (element) => {
    if (element === null) return { under: "", faded: "", moved: "" };
    if (!grounds.has(element)) {
      const style = getComputedStyle(element), below = ground(element.parentElement);
      const solid = style.backgroundColor.startsWith("rgb(") && style.backgroundImage === "none";
      const own = style.backgroundColor === CLEAR && style.backgroundImage === "none" ? "" : `${style.backgroundColor} ${style.backgroundImage}`;
      const faded = style.opacity === "1" && style.filter === "none" ? "" : `${style.opacity} ${style.filter}`;
      const moved = style.position === "static" || style.position === "relative" ? "" : `${element.tagName}.${element.className}`;
      grounds.set(element, {
        under: solid ? own : own ? `${below.under}/${own}` : below.under,
        faded: faded ? `${below.faded}/${faded}` : below.faded,
        moved: moved ? `${below.moved}/${moved}` : below.moved,
      });
    }
    return grounds.get(element);
  };

  const look = (element) => {
    const style = getComputedStyle(element), { under, faded, moved } = ground(element);
    const parts = [style.color, style.fontSize, style.fontWeight, style.textShadow, under, faded, moved, element.matches(":disabled")];
    if (element.matches("input, select, textarea, button")) parts.push(element.tagName, element.type);
    const link = element.closest("a");
    if (link) {
      const around = getComputedStyle(link.parentElement), text = [...link.parentElement.childNodes].some((each) => each.nodeType === 3 && each.data.trim());
      const edge = getComputedStyle(link);
      parts.push(text, around.color, around.fontWeight, edge.textDecorationLine, edge.borderBottom, edge.fontStyle);
    }
    return parts.join("|");
  };

  const spoken = () => {
    const found = new Set(document.querySelectorAll("input, select, textarea, button"));
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) if (texts.currentNode.data.trim()) found.add(texts.currentNode.parentElement);
    return [...found].filter((each) => !each.matches("script, style, noscript, option") && each.checkVisibility({ visibilityProperty: true }));
  };
  const looks = () => {
    const found = new Map();
    for (const element of spoken()) {
      const name = look(element);
      if (!found.has(name)) found.set(name, element);
    }
    return found;
  };

  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const own = (element) => [...element.childNodes].some((each) => each.nodeType === 3 && each.data.trim());

  // Targets that axe has to judge, by their setting: the others pass, see above.
  const doubtful = () => {
    const all = [...document.querySelectorAll(TARGETS)].filter(shown), boxes = all.map((each) => each.getBoundingClientRect());
    const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const near = (a, b) => {
      const x = (a.left + a.right) / 2, y = (a.top + a.bottom) / 2;
      return Math.hypot(Math.max(b.left - x, 0, x - b.right), Math.max(b.top - y, 0, y - b.bottom)) < LEAST;
    };
    const found = new Map();
    for (const [at, element] of all.entries()) {
      const box = boxes[at], small = box.width < LEAST || box.height < LEAST;
      const others = all.filter((_, n) => n !== at && (over(box, boxes[n]) || (small && near(box, boxes[n]))));
      if (!others.length) continue;
      const display = getComputedStyle(element).display, parent = element.parentElement;
      const within = `size ${element.tagName}.${element.className} ${display} ${parent.tagName}.${parent.className} ${own(element)} ${own(parent)}`;
      if (display === "inline" && own(parent)) {
        found.set(within, element);  // a link in a line of text, which may be as small as the text
        continue;
      }
      const place = (each) => {
        const its = each.getBoundingClientRect(), numbers = [its.left - box.left, its.top - box.top, its.width, its.height].map(Math.round);
        return `${each.tagName} ${each.type} ${each.tabIndex} ${numbers}`;
      };
      found.set([within, ...[element, ...others].map(place)].join("; "), element);
    }
    return found;
  };

  // The elements with what rules ask of them, and which of them are shown.
  const MATTERS = /^(class|role|type|tabindex|lang|for|id|name|aria-.*)$/;
  const shape = (element) => {
    const attributes = [...element.attributes].filter(({ name }) => name !== "open");
    return `${element.tagName} ${own(element)} ${attributes.map(({ name, value }) => (MATTERS.test(name) ? `${name}=${value}` : name)).join(" ")}`;
  };
  const standing = () => {
    const all = [...document.querySelectorAll("*")];
    return { all, shapes: all.map(shape).join("\n"), shown: all.map(shown), open: new Set(all.filter((each) => each.matches("details[open]"))) };
  };
  // What was folded or unfolded since, by its shape; null when other things changed.
  const folded = (before, now) => {
    if (before?.shapes !== now.shapes) return null;
    const found = new Set();
    for (const [at, element] of now.all.entries()) {
      if (before.shown[at] === now.shown[at]) continue;
      let details = element.closest("details");
      while (details && before.open.has(details) === now.open.has(details)) details = details.parentElement.closest("details");
      if (!details) return null;
      found.add(details);
    }
    return [...found].map((each) => `fold ${now.open.has(each)} ${[each, ...each.querySelectorAll("*")].map((one) => `${one.tagName}.${one.className}.${one.getAttribute("role")}`).join(" ")}`);
  };
  const scrolling = () => [...document.querySelectorAll("*")].filter((each) => each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight)
    .filter((each) => /auto|scroll/.test(getComputedStyle(each).overflow) && each.tabIndex < 0);

  const ask = (where, values, more = {}) => axe.run(where, { resultTypes: ["violations"], runOnly: { type: "rule", values }, ...more });
  const LIGHT = { preload: false, selectors: false };
  const runs = [], fresh = new Map();
  if (known === null) runs.push(await axe.run(document, options));
  else {
    const seen = new Set(known.split("\x1e")), now = standing(), folds = folded(window.lookedAt, now);
    if (folds === null || !folds.every((fold) => seen.has(fold))) {
      const off = Object.fromEntries([...COLOURS, SIZE, TURNED].map((rule) => [rule, { enabled: false }]));
      runs.push(await axe.run(document, { ...options, rules: off, ...LIGHT }));
      for (const fold of folds ?? []) fresh.set(fold, null);
      window.lookedAt = runs[0].violations.length ? undefined : now;
    } else {
      const include = scrolling();
      if (include.length) runs.push(await ask({ include }, ["scrollable-region-focusable"], LIGHT));
    }
    for (const [rules, found] of [[COLOURS, looks()], [[SIZE], doubtful()]]) {
      const unknown = [...found].filter(([name]) => !seen.has(name)), include = unknown.map(([, element]) => element);
      if (include.length) runs.push(await ask({ include }, rules, LIGHT));
      for (const [name] of unknown) fresh.set(name, null);
    }
    const sheets = `sheets ${[...document.styleSheets].map((sheet) => sheet.href).join(" ")}`;
    if (!seen.has(sheets)) runs.push(await ask(document, [TURNED]));
    fresh.set(sheets, null);
  }
  const faults = runs.flatMap((run) => run.violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 200)}`)));
  return { faults, looks: [...fresh.keys()] };
}
