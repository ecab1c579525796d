// Makes the digests of a proof bundle again where the reader is: whoever sent the page may err or lie, the bytes cannot.
const MASK = (1n << 64n) - 1n;
const IV = [0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n, 0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n];
const SIGMA = ["0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8", "905724afe1bc683d",
  "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0"]
  .map(row => [...row].map(each => parseInt(each, 16)));
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** BLAKE2b with 32 bytes, without a key (RFC 7693). */
export function blake2b(bytes) {
  const h = IV.map((each, i) => i ? each : each ^ 0x01010020n);
  const blocks = Math.max(1, Math.ceil(bytes.length / 128));
  const padded = new Uint8Array(blocks * 128);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  const turn = (x, by) => (x >> by | x << 64n - by) & MASK;
  for (let block = 0; block < blocks; block++) {
    const last = block === blocks - 1;
    const m = Array.from({ length: 16 }, (_, i) => view.getBigUint64(block * 128 + i * 8, true));
    const v = [...h, ...IV];
    v[12] ^= BigInt(last ? bytes.length : (block + 1) * 128);
    v[14] ^= last ? MASK : 0n;
    const mix = (a, b, c, d, x, y) => {
      v[a] = v[a] + v[b] + x & MASK;
      v[d] = turn(v[d] ^ v[a], 32n);
      v[c] = v[c] + v[d] & MASK;
      v[b] = turn(v[b] ^ v[c], 24n);
      v[a] = v[a] + v[b] + y & MASK;
      v[d] = turn(v[d] ^ v[a], 16n);
      v[c] = v[c] + v[d] & MASK;
      v[b] = turn(v[b] ^ v[c], 63n);
    };
    for (let round = 0; round < 12; round++) {
      const s = SIGMA[round % 10];
      for (let i = 0; i < 4; i++) {
        mix(i, 4 + i, 8 + i, 12 + i, m[s[2 * i]], m[s[2 * i + 1]]);
      }
      for (let i = 0; i < 4; i++) {
        mix(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[s[8 + 2 * i]], m[s[9 + 2 * i]]);
      }
    }
    h.forEach((_, i) => { h[i] ^= v[i] ^ v[i + 8]; });
  }
  const out = new DataView(new ArrayBuffer(32));
  h.slice(0, 4).forEach((each, i) => out.setBigUint64(i * 8, each, true));
  return new Uint8Array(out.buffer);
}

const digest = (kind, bytes) => blake2b(new Uint8Array([...new TextEncoder().encode(`${kind}::`), ...bytes]));
const base64 = text => Uint8Array.from(atob(text), each => each.charCodeAt(0));
const hex = bytes => [...bytes].map(each => each.toString(16).padStart(2, "0")).join("");

function base58(text) {
  let number = 0n;
  for (const each of text) {
    number = number * 58n + BigInt(BASE58.indexOf(each));
  }
  return number.toString(16).padStart(64, "0");
}

// In BCS a digest is its length, 32, and its bytes.
const holds = (bytes, ...digests) => hex(bytes).includes(digests.map(each => `20${each}`).join(""));

/** What can be seen without a committee: each thing holds the digest of the next one. */
export function check(bundle) {
  const [summary, contents, effects, events] = ["summary", "contents", "effects", "events"].map(each => base64(bundle[each]));
  return [
    ["The effects hold the digest of the events", holds(effects, hex(digest("TransactionEvents", events)))],
    ["The list of transactions names this one, with the digest of its effects",
      holds(contents, base58(bundle.transaction), hex(digest("TransactionEffects", effects)))],
    ["The summary of the checkpoint holds the digest of the list", holds(summary, hex(digest("CheckpointContents", contents)))],
  ];
}

export async function show(address, where) {
  const bundle = await (await fetch(address)).json();
  const list = document.createElement("ul");
  for (const [claim, isSo] of check(bundle)) {
    const item = document.createElement("li");
    item.className = isSo ? "so" : "not-so";
    item.textContent = `${claim}: ${isSo ? "so it is" : "IT DOES NOT"}`;
    list.append(item);
  }
  const note = document.createElement("p");
  note.className = "note";
  note.textContent = "Done here, with nothing but the bundle. That the committee signed the summary is left to the command below.";
  where.replaceChildren(list, note);
}
