// What keys do. Single keys never act in fields, and can be switched off.
const $ = (selector, within = document) => within.querySelector(selector);
const seen = selector => [...document.querySelectorAll(selector)].filter(each => each.offsetParent);
let after = "";

const off = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };

export function press(event) {
  const search = $(".search input");
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (plain && !event.target.closest("input:not([type=checkbox]), select, textarea") && (event.key === "?" || !off())) {
    if (event.key === "/") {
      event.preventDefault(); // the key that leads to the search is not searched for
    }
    single(event.key, search);
  }
}

function single(key, search) {
  const before = after;
  after = before === "" && key === "g" ? "g" : "";
  if (before === "g") {
    $(`.rail a[data-key="${CSS.escape(key)}"]`)?.click();
    return;
  }
  const row = document.activeElement.closest("tbody tr");
  const within = row ?? document;
  switch (key) {
    case "/": search.focus(); search.select(); break;
    case "j": move(row, 1); break;
    case "k": move(row, -1); break;
    case "x": $("input[type=checkbox]", within === document ? $("main") : row)?.click(); break;
    case "e": ($(".proof", within) ?? $("main .proof"))?.click(); break;
    case "y": $("[data-copy] + button")?.click(); break;
    case "t": table(); break;
    case "?": import("./drawer.js").then(drawer => drawer.help()); break;
    case ".": case "[": case "]": $(`.view a[data-key="${key}"]`)?.click(); break;
  }
}

// From row to row, by the first thing in each that leads somewhere.
function move(row, by) {
  const links = seen("main tbody tr").map(each => $("a[href]", each)).filter(Boolean);
  const here = links.findIndex(each => each.closest("tr") === row);
  links[Math.max(0, Math.min(links.length - 1, here < 0 ? 0 : here + by))]?.focus();
}

function table() {
  const near = document.activeElement.closest("figure") ?? seen("figure.chart").find(each => each.getBoundingClientRect().bottom > 0);
  const details = near && $("details.behind", near);
  if (details) {
    details.open = !details.open;
    $("summary", details).focus();
  }
}
