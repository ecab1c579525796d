// What pages have beyond HTML: they work without it. Modules that few need are loaded when they are needed.
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const say = text => { $(".said").textContent = text; };

theme();
keys();
live();
dress(document);

function theme() {
  const button = $("button.theme");
  const root = document.documentElement;
  const isDark = () => root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const show = () => button.setAttribute("aria-pressed", isDark());
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* for this page only */ }
    show();
  });
}

function keys() {
  let after = "";
  document.addEventListener("keydown", event => {
    const search = $(".search input");
    if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return search.focus();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) {
      return;
    }
    if (event.key === "/") {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (after === "g") {
      $(`.rail a[data-key="${CSS.escape(event.key)}"]`)?.click();
    } else if (event.key === "." && new URLSearchParams(location.search).has("at")) {
      const now = new URL(location);
      now.searchParams.delete("at");
      location = now;
    }
    after = after === "" && event.key === "g" ? "g" : "";
  });
}

// What has just come into the page: charts get their exports, ids their copying, long lists their end.
function dress(within) {
  for (const button of $$("[data-export]", within)) {
    button.hidden = false;
  }
  for (const id of $$("[data-copy]", within)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(id.textContent.trim());
      say("Copied");
      button.textContent = "Copied";
    });
    id.after(button);
  }
  if ($("table.long", within)) {
    import("./list.js").then(list => list.follow(dress));
  }
}

document.addEventListener("click", event => {
  const button = event.target.closest("[data-export]");
  if (button) {
    import("./export.js").then(exports => exports.save(button.closest("figure"), button.dataset.export));
  }
});

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
        // Nothing is taken from under a pointer, a focus or an open table.
        if (now && !old.matches(":hover") && !old.contains(document.activeElement) && !$("details[open]", old)
            && now.outerHTML !== old.dataset.was) {
          now.dataset.was = now.outerHTML;
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
