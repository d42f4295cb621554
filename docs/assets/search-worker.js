// The search over all papers, in a worker: SQLite reads its database over HTTP, a few pages at a time.
// What it answers is data; whoever shows it must treat it as hostile text.
import sqlite3InitModule from "./sqlite3.js";

const BLOCK = 4096, MOST_AHEAD = 16, MOST_BLOCKS = 4096;
const NO_DAY = 0xffff, GONE = 0xfffe;
const root = new URL("../", import.meta.url);
let spent = { bytes: 0, requests: 0 };

function get(path, range) {
  const request = new XMLHttpRequest();
  request.open("GET", new URL(path, root), false);
  request.responseType = "arraybuffer";
  if (range) request.setRequestHeader("Range", `bytes=${range[0]}-${range[1]}`);
  request.send();
  if (request.status !== 200 && request.status !== 206) throw new Error(`${path}: HTTP ${request.status}`);
  const body = new Uint8Array(request.response);
  spent.requests += 1;
  spent.bytes += body.length;
  return { body, isPart: request.status === 206 };
}

// One database in several files, read in blocks.  Blocks that are asked for one after another come in ever
// larger requests, as long as they lie in one file.
class Parts {
  constructor(list) {
    this.parts = list.parts;
    this.size = list.parts.reduce((sum, part) => sum + part.bytes, 0);
    this.partBlocks = list.part / BLOCK;
    this.blocks = new Map();
    this.whole = new Map();
    this.next = -1;
    this.ahead = 1;
  }

  block(number) {
    const kept = this.blocks.get(number);
    if (kept) return kept;
    const part = Math.floor(number / this.partBlocks), first = number % this.partBlocks;
    if (this.whole.has(part)) return this.whole.get(part).subarray(first * BLOCK, (first + 1) * BLOCK);
    this.ahead = number === this.next ? Math.min(2 * this.ahead, MOST_AHEAD) : 1;
    const most = Math.ceil(this.parts[part].bytes / BLOCK);
    const last = Math.min(first + this.ahead, most);
    const { body, isPart } = get(this.parts[part].path, [first * BLOCK, last * BLOCK - 1]);
    if (!isPart) { // A server without ranges sent the whole file.
      this.whole.set(part, body);
      return body.subarray(first * BLOCK, (first + 1) * BLOCK);
    }
    if (this.blocks.size > MOST_BLOCKS) this.blocks.clear();
    for (let at = 0; at * BLOCK < body.length; at += 1) {
      this.blocks.set(number + at, body.subarray(at * BLOCK, (at + 1) * BLOCK));
    }
    this.next = number + last - first;
    return this.blocks.get(number);
  }

  read(into, offset) {
    for (let done = 0; done < into.length;) {
      const at = offset + done;
      if (at >= this.size) { into.fill(0, done); return false; }
      const block = this.block(Math.floor(at / BLOCK)), skipped = at % BLOCK;
      const piece = block.subarray(skipped, skipped + into.length - done);
      if (!piece.length) { into.fill(0, done); return false; }
      into.set(piece, done);
      done += piece.length;
    }
    return true;
  }
}

// A file system of SQLite that holds this one file, and writes nothing.
function mount(sqlite3, parts) {
  const { capi, wasm } = sqlite3, io = new capi.sqlite3_io_methods(), vfs = new capi.sqlite3_vfs();
  const refuse = () => capi.SQLITE_READONLY, done = () => 0;
  io.$iVersion = 1;
  vfs.$iVersion = 1;
  vfs.$szOsFile = capi.sqlite3_file.structInfo.sizeof;
  vfs.$mxPathname = 512;
  vfs.$zName = wasm.allocCString("parts");
  sqlite3.vfs.installVfs({
    io: { struct: io, methods: {
      xClose: done,
      xRead(file, to, count, offset) {
        try {
          const at = Number(to);
          return parts.read(wasm.heap8u().subarray(at, at + count), Number(offset)) ? 0 : capi.SQLITE_IOERR_SHORT_READ;
        } catch (error) {
          return capi.SQLITE_IOERR_READ;
        }
      },
      xWrite: refuse,
      xTruncate: refuse,
      xSync: done,
      xFileSize(file, to) { wasm.poke64(to, BigInt(parts.size)); return 0; },
      xLock: done,
      xUnlock: done,
      xCheckReservedLock(file, to) { wasm.poke32(to, 0); return 0; },
      xFileControl: () => capi.SQLITE_NOTFOUND,
      xSectorSize: () => BLOCK,
      xDeviceCharacteristics: () => capi.SQLITE_IOCAP_IMMUTABLE
    } },
    vfs: { struct: vfs, methods: {
      xOpen(self, name, file, flags, to) {
        const opened = new capi.sqlite3_file(file);
        opened.$pMethods = io.pointer;
        opened.dispose();
        if (to) wasm.poke32(to, flags);
        return 0;
      },
      xDelete: refuse,
      xAccess(self, name, flags, to) { wasm.poke32(to, 0); return 0; },
      xFullPathname(self, name, room, to) { return wasm.cstrncpy(to, name, room) < room ? 0 : capi.SQLITE_CANTOPEN; },
      xGetLastError: done,
      xSleep: done,
      xRandomness(self, room, to) { wasm.heap8u().fill(0, Number(to), Number(to) + room); return room; },
      xCurrentTime(self, to) { wasm.poke(to, Date.now() / 86400000 + 2440587.5, "double"); return 0; }
    } }
  });
}

async function unpacked(body) {
  const stream = new Blob([body]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The day and the facets of every number of the database.
function columns(raw) {
  const end = raw.indexOf(10), head = JSON.parse(new TextDecoder().decode(raw.subarray(0, end)));
  const days = new Uint16Array(raw.slice(end + 1, end + 1 + 2 * head.rows).buffer);
  const facets = head.facets.map(([name, values], place) => {
    const from = end + 1 + (2 + place) * head.rows;
    return { name, values, of: raw.subarray(from, from + head.rows) };
  });
  return { rows: head.rows, days, facets: [...facets, years(days)] };
}

function years(days) {
  const byDay = new Map(), of = new Uint16Array(days.length), values = [];
  const year = (day) => day === NO_DAY ? "no date" : String(new Date(Date.UTC(2000, 0, 1 + day)).getUTCFullYear());
  [...new Set(days)].filter((day) => day !== GONE).sort((a, b) => a - b).forEach((day) => {
    const name = year(day);
    if (values[values.length - 1] !== name) values.push(name);
    byDay.set(day, values.length - 1);
  });
  days.forEach((day, n) => { of[n] = byDay.get(day) || 0; });
  return { name: "year", values, of };
}

const ready = (async () => {
  const list = JSON.parse(new TextDecoder().decode(get("search/parts.txt").body));
  const [sqlite3, held] = await Promise.all([
    sqlite3InitModule({ print: () => {}, printErr: () => {} }), unpacked(get(list.columns).body)
  ]);
  mount(sqlite3, new Parts(list));
  const database = new sqlite3.oo1.DB({ filename: "file:/papers?immutable=1", flags: "r", vfs: "parts" });
  database.exec("PRAGMA cache_size=-8000");
  return { database, list, ...columns(held) };
})();

function words(text) { return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) || []; }

function matching(held, table, asked, isOpen) {
  const found = [], last = asked.length - 1;
  const term = (word, place) => `"${word}"${isOpen && place === last && word.length > 2 ? "*" : ""}`;
  const statement = held.database.prepare(`SELECT rowid FROM ${table} WHERE ${table} MATCH ?`);
  try {
    statement.bind(asked.map(term).join(" AND "));
    while (statement.step()) found.push(statement.getInt(0));
  } finally {
    statement.finalize();
  }
  return found;
}

function standing(held) {
  const found = [];
  for (let n = 1; n < held.rows; n += 1) found.push(n);
  return found;
}

// Counts of a facet are over the papers that the other facets leave.
function narrowed(held, found, chosen) {
  const wanted = held.facets.map((facet) => {
    const values = chosen[facet.name] || [];
    return values.length ? new Set(values.map((value) => facet.values.indexOf(value))) : null;
  });
  const counts = held.facets.map((facet) => new Uint32Array(facet.values.length));
  const kept = found.filter((n) => {
    let missed = -1, misses = 0;
    wanted.forEach((set, place) => { if (set && !set.has(held.facets[place].of[n])) { misses += 1; missed = place; } });
    if (misses === 0) counts.forEach((count, place) => { count[held.facets[place].of[n]] += 1; });
    else if (misses === 1) counts[missed][held.facets[missed].of[n]] += 1;
    return misses === 0;
  });
  return { kept, counts: held.facets.map((facet, place) => ({
    name: facet.name, values: facet.values.map((value, n) => [value, counts[place][n]]).filter(([, count]) => count)
  })) };
}

// Papers with all words in the title first, then the others; each the newest first.
function ordered(held, kept, inTitle) {
  const first = new Set(inTitle), day = (n) => held.days[n] === NO_DAY ? -1 : held.days[n];
  return kept.sort((a, b) => first.has(b) - first.has(a) || day(b) - day(a) || a - b);
}

function shown(held, numbers) {
  const statement = held.database.prepare("SELECT * FROM papers WHERE n = ?");
  try {
    return numbers.map((n) => {
      statement.reset().bind(n);
      return statement.step() ? statement.get({}) : null;
    }).filter(Boolean);
  } finally {
    statement.finalize();
  }
}

async function answer({ text, chosen, from, count }) {
  const held = await ready, began = performance.now(), asked = words(text);
  spent = { bytes: 0, requests: 0 };
  const isOpen = /[\p{L}\p{N}]$/u.test(text);
  const all = asked.length ? matching(held, "texts", asked, isOpen) : standing(held);
  const inTitle = asked.length ? matching(held, "titles", asked, isOpen) : [];
  const { kept, counts } = narrowed(held, all.filter((n) => held.days[n] !== GONE), chosen);
  const missing = all.length || asked.length < 2 ? [] : asked.filter((word) => !matching(held, "texts", [word], false).length);
  const results = shown(held, ordered(held, kept, inTitle).slice(from, from + count));
  return { total: kept.length, papers: held.list.papers, counts, results, missing, words: asked,
    spent: { ...spent, milliseconds: performance.now() - began } };
}

self.onmessage = async ({ data }) => {
  try {
    self.postMessage({ turn: data.turn, ...await answer(data) });
  } catch (error) {
    self.postMessage({ turn: data.turn, error: String(error && error.message || error) });
  }
};
ready.catch(() => {});
