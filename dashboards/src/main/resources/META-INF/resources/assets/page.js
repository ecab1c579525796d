// What pages have beyond HTML: they work without it. Modules that few need are loaded when they are needed.
import { press } from "./keys.js";

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const say = text => { $(".said").textContent = text; };

theme();
tab();
let wide = innerWidth;
addEventListener("resize", () => { // a phone's bars come and go as well, and change the height alone
  if (innerWidth !== wide) tab();
  wide = innerWidth;
});
live();
dress(document);
age();
document.addEventListener("keydown", press);

function theme() {
  const button = $("button.theme");
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  const show = () => button.setAttribute("aria-pressed", isDark());
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* for this page only */ }
    show();
  });
  system.addEventListener("change", show);
  addEventListener("storage", event => { // what was chosen in one tab holds in all
    if (event.key === "theme") {
      root.dataset.theme = event.newValue ?? "";
      show();
    }
  });
  show();
  button.hidden = false;
}

// On a phone there are more tabs than have room: the open one is in sight.
function tab() {
  const here = $(".tabline [aria-current]");
  if (here) {
    here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 16;
  }
}

// A page that is left open grows old; it says so each second, and warns when nothing has come for a minute.
function age() {
  const shown = performance.now();
  let counted = null;
  let since = shown;
  setInterval(() => {
    const age = $(".age[data-lag]");
    if (!age || document.hidden) {
      return;
    }
    if (age !== counted) {
      since = counted ? performance.now() : shown;
      counted = age;
    }
    const seconds = age.dataset.lag / 1000 + (performance.now() - since) / 1000;
    if (seconds > 60) {
      age.textContent = `${Math.floor(seconds / 60)} min old, nothing new has come`;
      document.body.classList.add("stale");
      $("#rests-on").classList.add("stale");
    } else {
      age.textContent = `${seconds.toFixed(seconds < 10 ? 1 : 0)} s ago`;
      document.body.classList.remove("stale");
    }
  }, 1000);
}

// What has just come into the page: charts get their exports, ids their copying, long lists their end.
function dress(within) {
  for (const button of $$("[data-export], [data-check]", within)) {
    button.hidden = false;
  }
  for (const id of $$("[data-copy]", within)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = "Copy";
    const text = id.textContent.trim();
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text);
      say("Copied");
      button.textContent = "Copied";
    });
    if (id.matches("dd")) {
      button.className = "tool";
      id.append(" ", button);
    } else {
      id.after(button);
    }
  }
  const maps = $$("svg[data-cells]", within);
  if (maps.length) {
    import("./cells.js").then(cells => maps.forEach(cells.walk));
  }
  if ($("table.long", within)) {
    import("./list.js").then(list => list.follow(dress));
  }
}

document.addEventListener("click", event => {
  const button = event.target.closest("[data-export], [data-check]");
  if (button?.dataset.check) {
    import("./check.js").then(check => check.show(button.dataset.check, $(".checked", button.closest("article"))));
  } else if (button) {
    import("./export.js").then(exports => exports.save(button.closest("figure"), button.dataset.export));
  }
  const link = event.target.closest("a[href]");
  const plain = link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (plain && link.dataset.share !== undefined && navigator.clipboard) {
    event.preventDefault();
    navigator.clipboard.writeText(link.href)
      .then(() => say(`Copied: this page as of checkpoint ${link.dataset.share}`), () => { location = link.href; });
    link.lastChild.textContent = "Link copied";
  } else if (plain && link.matches(".proof, [data-drawer]")) {
    event.preventDefault();
    link.focus(); // whoever closes the drawer is back where he was
    import("./drawer.js").then(drawer => drawer.open(link.href, link.dataset.drawer ?? "Evidence", dress));
  } else if (plain) {
    stay(link);
  }
  const open = $("details.as-of[open]");
  if (open && !open.contains(event.target)) {
    open.open = false;
  }
});

// Whoever looks at the past stays there, until he goes back to now.
function stay(link) {
  const at = new URLSearchParams(location.search).get("at");
  const to = new URL(link.getAttribute("href"), location); // in a drawing, href is an object of its own
  const leaves = link.closest(".view, .tool, .drawer .more") || to.pathname.startsWith("/v1/") || to.pathname === location.pathname;
  if (at && to.origin === location.origin && !to.searchParams.has("at") && !leaves) {
    to.searchParams.set("at", at);
    link.setAttribute("href", to);
  }
}

// The same id elsewhere on the page: easier to see than to compare.
document.addEventListener("pointerover", event => {
  const title = event.target.closest?.(".id[title]")?.title;
  for (const id of $$(".id[title]")) {
    id.classList.toggle("twin", title !== undefined && id.title === title);
  }
});

// The page is fetched again when the chain has gone on, and what is marked as live is exchanged.
function live() {
  const marked = () => $$("[data-live]").filter(each => each.id);
  if (!marked().length || new URLSearchParams(location.search).has("at")) {
    return;
  }
  let busy = false;
  const renew = async () => {
    if (busy || document.hidden) {
      return;
    }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) {
        return;
      }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const old of marked()) {
        const now = fresh.getElementById(old.id);
        // Nothing is taken from under a pointer, a focus or an open table; nor beneath a drawer, which may have been opened
        // since this was asked for: whoever closes it is back where he was.
        if (now && !$("dialog[open]") && !old.matches(":hover") && !old.contains(document.activeElement) && !$("details[open]", old)
            && now.outerHTML !== old.dataset.was) {
          now.dataset.was = now.outerHTML;
          for (const ticked of $$("input:checked", old)) {
            for (const box of $$("input", now)) {
              box.checked ||= box.name === ticked.name && box.value === ticked.value;
            }
          }
          dress(now);
          old.replaceWith(now);
        }
      }
    } catch {
      // The server may be away; the page says how old it is.
    } finally {
      busy = false;
    }
  };
  const events = new EventSource("/live");
  events.addEventListener("tip", renew);
  addEventListener("pagehide", () => events.close());
}
