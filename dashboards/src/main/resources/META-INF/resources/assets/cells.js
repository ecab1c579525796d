// A drawing of many cells is one stop of the tab key; within it, arrows lead from cell to cell as they lie.
const place = cell => [cell.firstElementChild.x.baseVal.value, cell.firstElementChild.y.baseVal.value];

export function walk(drawing) {
  const cells = [...drawing.querySelectorAll("a")];
  const stop = at => cells.forEach(each => each.setAttribute("tabindex", each === at ? 0 : -1));
  stop(cells[0]);
  drawing.addEventListener("focusin", event => stop(event.target.closest("a")));
  drawing.addEventListener("keydown", event => {
    const from = event.target.closest("a");
    const to = from && !event.altKey && !event.metaKey && next(cells, from, event.key, event.ctrlKey);
    if (to) {
      event.preventDefault(); // the page does not scroll as well
      to.focus();
    }
  });
}

function next(cells, from, key, whole) {
  const [x, y] = place(from);
  const row = cells.filter(each => place(each)[1] === y);
  const ends = whole ? cells : row;
  // The nearest row first, and in it the nearest cell: days have hours without any.
  const nearest = (within, distance) => within.reduce((best, each) => !best || distance(each) < distance(best) ? each : best, null);
  const across = by => nearest(row.filter(each => (place(each)[0] - x) * by > 0), each => Math.abs(place(each)[0] - x));
  const along = by => nearest(cells.filter(each => (place(each)[1] - y) * by > 0),
    each => Math.abs(place(each)[1] - y) * 1e4 + Math.abs(place(each)[0] - x));
  switch (key) {
    case "ArrowLeft": return whole ? null : across(-1);
    case "ArrowRight": return whole ? null : across(1);
    case "ArrowUp": return whole ? null : along(-1);
    case "ArrowDown": return whole ? null : along(1);
    case "Home": return nearest(ends, each => place(each)[0] + (whole ? place(each)[1] * 1e4 : 0));
    case "End": return nearest(ends, each => -place(each)[0] - (whole ? place(each)[1] * 1e4 : 0));
    default: return null;
  }
}
