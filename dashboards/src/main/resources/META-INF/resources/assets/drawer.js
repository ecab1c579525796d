// Evidence beside what it is evidence of: the page that the link leads to, in a drawer.
const KEYS = [
  ["/", "search"], ["g, then a letter", "a page of the rail: o b e p a d v c s m"], ["j k", "from row to row"], ["Enter", "open"],
  ["x", "choose for comparing"], ["[ ]", "the epoch before, the one after"], [".", "back to now"], ["t", "the table of a chart"], ["arrows, Home, End", "from cell to cell of a map"],
  ["e", "evidence"], ["y", "copy the id"], ["Esc", "close"],
];

export async function open(href, label, dress) {
  const inside = show(label);
  inside.textContent = "Asking…";
  inside.closest("dialog").dataset.href = href;
  try {
    const answer = await fetch(href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const evidence = page.querySelector(".beside") ?? page.querySelector("main");
    evidence.removeAttribute("id");
    const whole = document.createElement("a");
    whole.href = href;
    whole.textContent = "As a page of its own";
    evidence.append(whole);
    inside.replaceChildren(evidence);
    dress(inside);
  } catch {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = "It could not be asked for. Open it as a page.";
    inside.replaceChildren(link);
  }
}

export function help() {
  const list = document.createElement("dl");
  for (const [key, what] of KEYS) {
    const [term, words, box] = ["dt", "dd", "kbd"].map(each => document.createElement(each));
    box.textContent = key;
    words.textContent = what;
    term.append(box);
    list.append(term, words);
  }
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  try {
    box.checked = localStorage.getItem("keys") !== "off";
    box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
  } catch { /* for this page only */ }
  label.append(box, " Single keys do this; without them, ? and Ctrl K still do.");
  const title = document.createElement("h2");
  title.textContent = "Keys";
  show("Keys").replaceChildren(title, list, label);
}

function show(label) {
  let dialog = document.querySelector("dialog.drawer");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "drawer";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "quiet close";
    close.textContent = "Close";
    close.addEventListener("click", () => dialog.close());
    // A click on what is behind closes it, too.
    dialog.addEventListener("click", event => event.target === dialog && dialog.close());
    dialog.append(close, document.createElement("div"));
    document.body.append(dialog);
  }
  dialog.setAttribute("aria-label", label);
  if (!dialog.open) {
    dialog.showModal();
  }
  return dialog.querySelector("div");
}
