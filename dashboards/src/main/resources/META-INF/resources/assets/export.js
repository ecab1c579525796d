// A chart as a file: its table as CSV, its drawing as SVG or PNG with what it rests on in the margin.
const SCALE = 2;
const MARGIN = 28;
const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-weight"];

export async function save(figure, kind) {
  const file = kind === "csv" ? csv(figure) : kind === "svg" ? alone(figure).file : await png(figure);
  download(file, `${figure.id}.${kind}`);
}

const rests = () => document.querySelector("#rests-on")?.textContent.trim() ?? "";

function csv(figure) {
  const lines = [...figure.querySelectorAll("tr")].map(row => [...row.children].map(cell => quoted(cell.textContent.trim())).join(","));
  // The address is one cell whatever somebody wrote into it: a link can bring along a comma and a formula.
  return new Blob([`${quoted(`# ${rests()} ${location.href}`)}\r\n${lines.join("\r\n")}\r\n`], { type: "text/csv" });
}

// By the rule of the API's CSV: a spreadsheet would run what begins like a formula, and names are anybody's.
export function quoted(cell) {
  const runs = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell) && !/^([-+]?[0-9]+([.][0-9]+)?|-[A-Za-z0-9_-]*)$/.test(cell);
  const safe = runs ? `'${cell}` : cell;
  return /[,;"\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// The drawing without the page: with its own styles, a title above and its basis below.
function alone(figure) {
  const svg = figure.querySelector("svg");
  const copy = svg.cloneNode(true);
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const from = [...svg.querySelectorAll("*")];
  [...copy.querySelectorAll("*")].forEach((to, i) => {
    const style = getComputedStyle(from[i]);
    STYLES.forEach(name => to.setAttribute(name, style.getPropertyValue(name)));
    to.removeAttribute("href");
  });
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name);
  const size = { width: width + 16, height: height + 2 * MARGIN };
  const add = (shape, attributes, text) => {
    const mark = document.createElementNS("http://www.w3.org/2000/svg", shape);
    Object.entries(attributes).forEach(each => mark.setAttribute(...each));
    mark.textContent = text ?? "";
    return mark;
  };
  copy.prepend(add("rect", { x: -8, y: -MARGIN, ...size, fill: colour("--surface") }));
  copy.append(
    add("text", { x: 0, y: -10, "font-size": 13, "font-weight": 600, fill: colour("--ink") }, figure.querySelector("h2").textContent),
    add("text", { x: 0, y: height + 18, "font-size": 9, fill: colour("--ink2") }, `${rests()} · ${location.href}`));
  Object.entries({ xmlns: "http://www.w3.org/2000/svg", "font-family": "sans-serif", ...size,
    viewBox: `-8 ${-MARGIN} ${size.width} ${size.height}` }).forEach(each => copy.setAttribute(...each));
  return { size, file: new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }) };
}

async function png(figure) {
  const { size, file } = alone(figure);
  const image = new Image();
  image.src = URL.createObjectURL(file);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = size.width * SCALE;
  canvas.height = size.height * SCALE;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise(done => { canvas.toBlob(done); });
}

function download(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
