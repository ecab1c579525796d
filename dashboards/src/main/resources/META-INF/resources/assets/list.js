// A long list goes on by itself as its end comes near, and keeps no more rows than are near: pages far away become room of
// the same height. Without this module the link to the next page does.
const KEPT = 1;

export function follow(dress) {
  const table = document.querySelector("table.long");
  const more = document.querySelector("a[rel=next]");
  if (!table || !more || table.dataset.followed) {
    return;
  }
  table.dataset.followed = "";
  const pages = [table.tBodies[0]];
  // How many there are is not known; which of them a row is, is.
  table.setAttribute("aria-rowcount", "-1");
  let count = 1;
  const number = page => { for (const row of page.rows) { row.setAttribute("aria-rowindex", ++count); } };
  number(pages[0]);
  const near = new IntersectionObserver(seen => seen.forEach(each => each.isIntersecting && keep(pages, pages.indexOf(each.target))), { rootMargin: "400px" });
  near.observe(pages[0]);
  let loading = false;
  const end = new IntersectionObserver(async ([seen]) => {
    if (!seen.isIntersecting || loading) {
      return;
    }
    loading = true;
    const answer = await fetch(more.href).catch(() => null);
    loading = false;
    if (!answer?.ok) {
      return; // the link is still there
    }
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const rows = next.querySelector("table.long tbody");
    if (rows) {
      number(rows);
      table.append(rows);
      pages.push(rows);
      near.observe(rows);
    }
    const after = next.querySelector("a[rel=next]");
    if (after) {
      more.href = after.href;
      end.unobserve(more);
      end.observe(more);
    } else {
      end.disconnect();
      more.remove();
    }
  }, { rootMargin: "600px" });
  end.observe(more);
}

function keep(pages, here) {
  pages.forEach((page, i) => {
    const far = Math.abs(i - here) > KEPT;
    if (far && !page.kept) {
      const height = page.getBoundingClientRect().height;
      page.kept = [...page.rows];
      const room = document.createElement("tr");
      const cell = room.insertCell();
      cell.colSpan = 100;
      cell.className = "room";
      cell.style.height = `${height}px`;
      page.replaceChildren(room);
    } else if (!far && page.kept) {
      page.replaceChildren(...page.kept);
      page.kept = null;
    }
  });
}
