// Runs axe on the page as it is now. Everything but colours is asked of the whole page. Colours (contrast, links in text) are
// asked of one element for each look, unless `known` has it: text of the same colour, size and weight over the same grounds
// comes out the same wherever it stands, and measuring a thousand of them takes seconds. `known` null: of every element.
async ([known, options]) => {
  const COLOURS = ["color-contrast", "link-in-text-block"];
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

  const without = Object.fromEntries(COLOURS.map((rule) => [rule, { enabled: false }]));
  const runs = [await axe.run(document, { ...options, rules: without })];
  const fresh = new Map();
  if (known === null) runs.push(await axe.run(document, { resultTypes: ["violations"], runOnly: { type: "rule", values: COLOURS } }));
  else {
    const seen = new Set(known);
    for (const element of spoken()) {
      const name = look(element);
      if (!seen.has(name) && !fresh.has(name)) fresh.set(name, element);
    }
    const include = [...fresh.values()];
    if (include.length) runs.push(await axe.run({ include }, { resultTypes: ["violations"], runOnly: { type: "rule", values: COLOURS } }));
  }
  const faults = runs.flatMap((run) => run.violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 200)}`)));
  return { faults, looks: [...fresh.keys()] };
}
