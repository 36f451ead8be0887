//go:build verifyit

package browser

// frame shows a document as wide as screens would, and says what came out of it: an inner frame is as
// narrow as it is told to be, which a window is not.
const frame = `<!doctype html><body style="margin:0"><pre id="seen" style="display:none"></pre><script>
const asked = new URLSearchParams(location.search), seen = [];
function rgba(text) { const n = text.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; }
function light(c) { const [r, g, b] = c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; }
function contrast(a, b) { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); }
// paper is the colour that something is drawn on.
function paper(page, n) {
  for (; n && n.nodeType === 1; n = n.parentNode) {
    const c = rgba(page.defaultView.getComputedStyle(n).backgroundColor);
    if (c[3] > 0) return c;
  }
  return [255, 255, 255, 1];
}
// faint is the text, and what is drawn, that WCAG 2.2 wants more contrast of (1.4.3 and 1.4.11).
function faint(page, shown) {
  const found = [], texts = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const n = node.parentElement;
    if (!node.data.trim() || n.closest("title, desc, caption, .skip") || !shown(n)) continue;
    const style = page.defaultView.getComputedStyle(n), size = parseFloat(style.fontSize);
    const big = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
    const ratio = contrast(rgba(n.closest("svg") ? style.fill : style.color), paper(page, n));
    if (ratio < (big ? 3 : 4.5)) found.push(node.data.trim().slice(0, 30) + " has " + ratio.toFixed(2));
  }
  for (const n of page.querySelectorAll("svg .line, svg .bar")) {
    const ratio = contrast(rgba(page.defaultView.getComputedStyle(n).stroke), paper(page, n));
    if (shown(n) && ratio < 3) found.push("a line " + n.className.baseVal + " has " + ratio.toFixed(2));
  }
  return found;
}
// stops are what the tab key comes to, in its order; lost are those that do not show it, or cannot be seen.
function stops(page, shown) {
  const all = [...page.querySelectorAll("a[href], summary, button, input, [tabindex]")].filter(n => n.tabIndex >= 0 && shown(n)), lost = [];
  for (const n of all) {
    n.focus();
    const style = page.defaultView.getComputedStyle(n), box = n.getBoundingClientRect();
    if (page.activeElement !== n || style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2 || box.right < 1 || box.width < 1) lost.push(n.tagName + " " + n.textContent.slice(0, 30));
  }
  page.activeElement.blur();
  return { first: all.length > 0 ? all[0].textContent : "", number: all.length, turned: all.filter(n => n.tabIndex > 0).length, lost };
}
function look(inner) {
  const page = inner.contentDocument, root = page.documentElement, shown = n => n.getClientRects().length > 0;
  const svgs = [...page.querySelectorAll("svg")].filter(shown), outside = [], small = [];
  for (const svg of svgs) for (const text of svg.querySelectorAll("text")) {
    const box = text.getBBox(), size = svg.viewBox.baseVal;
    if (box.x < -1 || box.y < -3 || box.x + box.width > size.width + 1 || box.y + box.height > size.height + 1) outside.push(text.textContent);
    if (11 * svg.getBoundingClientRect().width / size.width < 9) small.push(text.textContent);
  }
  const wide = [...page.querySelectorAll("body *")].filter(n => !n.closest(".wide, pre, svg, table, .skip") && n.getBoundingClientRect().right > root.clientWidth + 1).map(n => n.tagName + " " + n.textContent.slice(0, 40));
  const style = n => n ? page.defaultView.getComputedStyle(n) : {};
  const seen = {
    scroll: root.scrollWidth, client: root.clientWidth, height: root.scrollHeight, charts: svgs.length, outside, small, wide,
    look: style(page.body).backgroundColor + " " + style(page.querySelector("svg .canary.line")).stroke, forbidden: page.querySelectorAll("script, [style], img, link").length,
  };
  for (const n of page.querySelectorAll("details")) n.open = true;
  seen.open = root.scrollWidth;
  seen.faint = faint(page, shown);
  seen.stops = stops(page, shown);
  return seen;
}
for (const width of asked.getAll("w")) {
  const inner = document.createElement("iframe");
  inner.style = "border:0;display:block;width:" + width + "px;height:" + asked.get("h") + "px";
  inner.onload = () => { seen.push(look(inner)); document.getElementById("seen").textContent = JSON.stringify(seen); };
  inner.src = "/report";
  document.body.append(inner);
}
</script>`
