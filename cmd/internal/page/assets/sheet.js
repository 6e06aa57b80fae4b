// The class sheet: all hits of a class as thumbnails, outliers first, to sweep,
// select and rename.
import { $, S, el, fill, colour, suggestion, say, reject, undo, keyOf, json, seconds, rec, byHand, nudge, note, announce, called, isSure } from './core.js';
import * as sound from './sound.js';
import { thumb } from './thumbs.js';

const WIDE = 94, HIGH = 110, PAD = 8;
const NONE = '', REJECTED = '\0';
const V = { cls: null, ids: [], at: 0, picked: new Set() };

const all = () => [...S.items.values()];
const isIn = (it, c) => (c === REJECTED ? it.reject : !it.reject && (suggestion(it) || '') === c);
// groups returns [class, how many], in one pass over all hits.
function groups() {
  const n = new Map([...S.classes, NONE, REJECTED].map((c) => [c, 0]));
  for (const it of S.items.values()) { const c = it.reject ? REJECTED : suggestion(it) || NONE; if (n.has(c)) n.set(c, n.get(c) + 1); }
  return [...n].filter(([, k]) => k);
}
const title = (c) => (c === REJECTED ? 'rejected' : c || 'no name yet');
const width = () => $('grid').clientWidth - 2 * PAD;
const across = () => Math.max(1, Math.floor(width() / WIDE));

export async function show() {
  const g = groups();
  if (V.cls === null || !g.some(([c]) => c === V.cls)) return open(g.find(([c]) => c === S.items.get(S.at)?.class)?.[0] ?? g[0]?.[0]);
  paint();
}
export const resized = () => paint();

// open shows a class. Hits that leave it stay where they are until then.
async function open(c) {
  if (c === undefined) { paint(); return; }
  Object.assign(V, { cls: c, at: 0, ids: all().filter((it) => isIn(it, c)).map((it) => it.id) });
  V.picked.clear();
  $('grid').scrollTop = 0;
  paint();
  if (!c || c === REJECTED) return;
  const ids = await json(`order?unlike=${encodeURIComponent(c)}`).catch((e) => { note(e.message); return null; });
  if (ids && V.cls === c) { V.ids = ids; paint(); document.body.dataset.sorted = c; }
}

function paint() {
  if ($('sheet').hidden) return;
  fill($('sheet-classes'), ...groups().map(([c, n]) => el('button', { colour: colour(c === REJECTED ? '' : c), 'aria-pressed': String(c === V.cls), onclick: () => open(c) },
    title(c), ' ', el('small', {}, String(n)))));
  grid();
  const n = V.picked.size, one = S.items.get(V.ids[V.at]);
  $('sheet-facts').textContent = n ? `${n} selected: a class key renames them, x rejects them`
    : one ? `${rec(one).name}, ${seconds(one).toFixed(3)} s; least like the others first` : '';
  fill($('sheet-move'), ...S.classes.map((c) => el('button', { colour: colour(c), onclick: () => name(c) }, el('kbd', {}, keyOf(c) || '·'), ' ' + c)),
    el('button', { onclick: drop }, el('kbd', {}, 'x'), ' reject'));
}

// grid draws the tiles in sight.
export function grid() {
  const box = $('grid'), n = across(), rows = Math.ceil(V.ids.length / n);
  const first = Math.max(0, Math.floor(box.scrollTop / HIGH) - 1), last = Math.min(rows, first + Math.ceil(box.clientHeight / HIGH) + 3);
  const space = el('div');
  space.style.height = `${rows * HIGH + 2 * PAD}px`;
  const tiles = [space];
  for (let i = first * n; i < Math.min(last * n, V.ids.length); i++) {
    const it = S.items.get(V.ids[i]);
    if (!it) continue;
    const c = el('canvas'), here = isIn(it, V.cls);
    thumb(c, it);
    const words = here ? (byHand(it) ? '✓ ' : '') + `${seconds(it).toFixed(2)} s` : `→ ${it.reject ? 'rejected' : suggestion(it)}`;
    const tile = el('div', { class: `tile ${i === V.at ? 'at' : ''}`, role: 'option', id: `tile-${i}`, 'aria-selected': String(V.picked.has(it.id)), 'aria-setsize': V.ids.length, 'aria-posinset': i + 1,
      'aria-label': `${rec(it).name} ${words}`, onclick: (e) => click(i, e) }, c, el('small', {}, words));
    Object.assign(tile.style, { left: `${PAD + (i % n) * width() / n}px`, top: `${PAD + Math.floor(i / n) * HIGH}px`, width: `${width() / n - 6}px` });
    tiles.push(tile);
  }
  box.replaceChildren(...tiles);
  box.setAttribute('aria-activedescendant', `tile-${V.at}`);
}

function click(i, e) {
  if (e.shiftKey) range(V.at, i);
  else if (V.at === i || e.ctrlKey || e.metaKey) toggle(V.ids[i]);
  V.at = i;
  S.at = V.ids[i];
  sound.hear(S.items.get(S.at), { times: 1 });
  paint();
}
function toggle(id) { if (!V.picked.delete(id)) V.picked.add(id); }
function range(a, b) { for (let i = Math.min(a, b); i <= Math.max(a, b); i++) V.picked.add(V.ids[i]); }
const chosen = () => (V.picked.size ? [...V.picked] : [V.ids[V.at]]).filter((id) => S.items.has(id));

function name(c) { tell(`become ${c}.`, (ids) => say(ids, c)); }
function drop() { tell('are rejected.', reject); }
// tell says something of the chosen hits.
function tell(what, f) {
  const ids = chosen();
  if (!ids.length || !isSure(ids.length, what)) return;
  V.picked.clear();
  f(ids);
  paint();
}

function step(by, select) {
  const to = Math.max(0, Math.min(V.ids.length - 1, V.at + by)), box = $('grid'), it = S.items.get(V.ids[to]);
  if (select) range(V.at, to);
  V.at = to;
  S.at = V.ids[to] || S.at;
  if (it) announce(`${called(it)}, ${to + 1} of ${V.ids.length}, ${rec(it).name}, ${seconds(it).toFixed(3)} seconds`);
  const top = Math.floor(to / across()) * HIGH;
  if (top < box.scrollTop) box.scrollTop = top;
  if (top + HIGH + 2 * PAD > box.scrollTop + box.clientHeight) box.scrollTop = top + HIGH + 2 * PAD - box.clientHeight;
  paint();
}
const page = () => across() * Math.max(1, Math.floor($('grid').clientHeight / HIGH) - 1);
function turn(by) {
  const g = groups().map(([c]) => c), i = g.indexOf(V.cls);
  if (g.length) open(g[(i + by + g.length) % g.length]);
}

export function key(e, cls) {
  const it = S.items.get(V.ids[V.at]), move = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across(), ArrowDown: across(), PageUp: -page(), PageDown: page(), Home: -Infinity, End: Infinity }[e.key];
  if (cls) name(cls);
  else if (e.altKey && /^Arrow(Left|Right)$/.test(e.key)) {
    if (it) { nudge(it, (e.key === 'ArrowLeft' ? -1 : 1) * (e.shiftKey ? 0.1 : 1)); sound.hearEdge(it); }
  } else if (move) { step(move, e.shiftKey); if (Math.abs(move) === 1 && it) sound.hear(S.items.get(S.at), { times: 1 }); }
  else if (e.key === 'Enter') { if (it) toggle(it.id); paint(); }
  else if (e.key === ' ') { if (it) (e.shiftKey ? sound.hearSlow : sound.hear)(it); }
  else if (e.key === ',') { if (it) sound.hearContext(it); }
  else if (e.key === 'Escape') { V.picked.clear(); paint(); }
  else if (e.key === 'a' && (e.ctrlKey || e.metaKey)) { range(0, V.ids.length - 1); paint(); }
  else if (e.key === '[' || e.key === ']') turn(e.key === '[' ? -1 : 1);
  else if (e.key === 'x') drop();
  else if (e.key === 'u') undo();
  else return false;
  return true;
}
export const update = () => paint();
