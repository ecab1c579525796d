// A chart as a file: its table as CSV, its drawing as PNG with what it rests on in the margin.
const SCALE = 2;
const MARGIN = 28;

export function save(figure, kind) {
  return kind === "csv" ? csv(figure) : png(figure);
}

const rests = () => document.querySelector("#rests-on")?.textContent.trim() ?? "";

function csv(figure) {
  const lines = [...figure.querySelectorAll("tr")].map(row => [...row.children].map(cell => quoted(cell.textContent.trim())).join(","));
  download(new Blob([`# ${rests()} ${location.href}\r\n${lines.join("\r\n")}\r\n`], { type: "text/csv" }), `${figure.id}.csv`);
}

// A spreadsheet would run what begins like a formula, and names are anybody's.
function quoted(cell) {
  const safe = /^[=+@\t]|^-(?![\d.]+$)/.test(cell) ? `'${cell}` : cell;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

async function png(figure) {
  const svg = figure.querySelector("svg");
  const copy = svg.cloneNode(true);
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  const from = [...svg.querySelectorAll("*")];
  [...copy.querySelectorAll("*")].forEach((to, i) => {
    const style = getComputedStyle(from[i]);
    for (const name of ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-weight"]) {
      to.setAttribute(name, style.getPropertyValue(name));
    }
    to.setAttribute("font-family", "sans-serif");
  });
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = (width + 16) * SCALE;
  canvas.height = (height + 2 * MARGIN) * SCALE;
  const paint = canvas.getContext("2d");
  const colours = getComputedStyle(document.documentElement);
  paint.scale(SCALE, SCALE);
  paint.fillStyle = colours.getPropertyValue("--surface");
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.fillStyle = colours.getPropertyValue("--ink");
  paint.font = "600 13px sans-serif";
  paint.fillText(figure.querySelector("h2").textContent, 8, 18);
  paint.drawImage(image, 8, MARGIN, width, height);
  paint.font = "10px sans-serif";
  paint.fillText(`${rests()} · ${location.href}`, 8, height + MARGIN + 18, width);
  URL.revokeObjectURL(image.src);
  canvas.toBlob(blob => download(blob, `${figure.id}.png`));
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
