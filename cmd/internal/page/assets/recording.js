// The recording view: zoom from minutes to samples; add, move, split, merge and
// delete onsets.
import { $, S, el, fill, item, colour, say, act, undo, nudge, moveTo, endAt, keyOf, bytes, floats, note, announce, called, seconds } from './core.js';
import * as sound from './sound.js';
import * as draw from './draw.js';

const V = { rec: 0, from: 0, to: 1, cursor: 0, sel: null, data: null, whole: null };
const LEAST = 64; // samples across, at the deepest zoom
let drag, fetching, timer;
const fingers = new Map(); // where pointers are down, in pixels

const r = () => S.recs[V.rec];
const hits = () => [...S.items.values()].filter((it) => it.rec === V.rec).sort((a, b) => a.onset - b.onset);
const selected = () => (V.sel && S.items.get(V.sel)?.rec === V.rec ? S.items.get(V.sel) : null);
const xOf = (n, w) => (n - V.from) / (V.to - V.from) * w;
const sampleAt = (e) => Math.round(V.from + (e.offsetX / e.target.clientWidth) * (V.to - V.from));

export function show() {
  if (!S.recs.length) return;
  const it = item(), select = $('which');
  if (select.options.length !== S.recs.length) select.replaceChildren(...S.recs.map((x, i) => el('option', { value: i }, x.name)));
  if (it && V.sel !== it.id) {
    V.sel = it.id;
    if (it.rec !== V.rec || V.to <= 1) open(it.rec);
    V.cursor = it.onset;
    into(it);
  } else if (V.to <= 1) open(V.rec);
  select.value = V.rec;
  refetch();
}
export const resized = () => refetch();

function open(i) {
  Object.assign(V, { rec: i, data: null, whole: null, from: 0, to: Math.min(r().samples, 4 * r().rate), cursor: 0 });
  const id = r().id;
  floats(`peaks?rec=${id}&from=0&to=${r().samples}&n=1000`).then((p) => { if (r().id === id) { V.whole = p; paint(); } }, (e) => note(e.message));
}

// into scrolls so that a hit is in sight.
function into(it) {
  const span = V.to - V.from;
  if (it.onset < V.from + span * 0.05 || it.onset > V.to - span * 0.05) look(it.onset - span / 2, span);
}
function look(from, span) {
  span = Math.max(LEAST, Math.min(span, r().samples));
  V.from = Math.round(Math.max(0, Math.min(from, r().samples - span)));
  V.to = V.from + Math.round(span);
  refetch();
}
function zoom(by, at = V.cursor) {
  if (at < V.from || at > V.to) at = (V.from + V.to) / 2;
  const span = Math.max(LEAST, Math.min((V.to - V.from) * by, r().samples));
  look(at - (at - V.from) * span / (V.to - V.from), span);
}

// refetch draws what is there and asks for what is in sight.
function refetch() {
  paint();
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const w = Math.round($('wave').clientWidth), { from, to } = V, at = `rec=${r().id}&from=${from}&to=${to}`, mine = fetching = {};
    if (!w) return;
    const fine = to - from < 2 * w;
    try {
      const [samples, grid] = await Promise.all([floats(fine ? `audio?${at}` : `peaks?${at}&n=${w}`), bytes(`spectrogram?${at}&w=${Math.min(w, 1200)}&h=160${draw.lookQuery()}`)]);
      if (mine !== fetching) return;
      V.data = { from, to, fine, samples, image: draw.image(grid, Math.min(w, 1200), 160) };
      paint();
      document.body.dataset.view = `${from} ${to}`;
    } catch (e) { note(e.message); }
  }, 40);
}

function paint() {
  if ($('recording').hidden || !S.recs.length) return;
  facts();
  whole();
  const all = hits(), d = V.data;
  const top = draw.fit($('wave')), low = draw.fit($('picture'));
  if (d) {
    const a = xOf(d.from, top.w), b = xOf(d.to, top.w);
    let peak = 1e-3;
    for (const v of d.samples) peak = Math.max(peak, Math.abs(v));
    if (d.fine) draw.line(top.g, d.samples, (i) => a + i * (b - a) / (d.to - d.from), top.h, 0.9 / peak, '#8fb9dd');
    else draw.envelope(top.g, d.samples, a, b, top.h, 0.9 / peak, '#8fb9dd');
    low.g.drawImage(d.image, a, 0, b - a, low.h);
  }
  all.sort((a, b) => (a.id === V.sel) - (b.id === V.sel)); // the selected one on top
  for (const it of all) if (it.onset >= V.from - r().rate && it.onset <= V.to) mark(it, top, low);
  for (const p of [top, low]) draw.vertical(p.g, xOf(V.cursor, p.w), p.h, '#7ff0e0', [2, 3]);
  draw.frequencyAxis(low.g, low.h, r().rate);
  const unit = V.to - V.from < r().rate / 2 ? 'ms' : 's';
  draw.timeAxis(low.g, low.w, low.h, V.from / r().rate, V.to / r().rate, unit);
}

function mark(it, top, low) {
  const on = it.id === V.sel, c = it.reject ? '#ff8d85' : colour(it.class), x = xOf(it.onset, top.w), end = xOf(it.end, top.w);
  top.g.fillStyle = c + (on ? '40' : '1c');
  if (!it.reject) top.g.fillRect(x, 0, Math.max(end - x, 1), top.h);
  for (const p of [top, low]) draw.vertical(p.g, xOf(it.onset, p.w), p.h, c, it.reject ? [4, 4] : []);
  const text = it.reject ? '×' : it.class || '?', wide = top.g.measureText(text).width + 10;
  if (!on && (V.to - V.from) / top.w * 46 > r().rate * 0.25) return; // no room for words
  top.g.fillStyle = on ? '#ffffff' : c;
  top.g.fillRect(x, 0, wide, 18);
  top.g.fillStyle = '#101318';
  top.g.textAlign = 'left'; top.g.textBaseline = 'middle';
  top.g.fillText(text, x + 5, 10);
}

function whole() {
  const { g, w, h } = draw.fit($('overview'));
  if (V.whole) draw.envelope(g, V.whole, 0, w, h, 1, '#5d6c80');
  for (const it of hits()) { g.fillStyle = it.reject ? '#ff8d85' : colour(it.class); g.fillRect(it.onset / r().samples * w, h - 5, 1.5, 5); }
  g.fillStyle = '#ffb45433'; g.strokeStyle = '#ffb454';
  const a = V.from / r().samples * w, b = V.to / r().samples * w;
  g.fillRect(a, 0, Math.max(b - a, 2), h); g.strokeRect(a, 0.5, Math.max(b - a, 2), h - 1);
}

function facts() {
  const it = selected(), t = (n) => (n / r().rate).toFixed(4);
  const span = (V.to - V.from) / r().rate, all = hits(), i = all.indexOf(it), w = $('wave');
  const words = it ? `${called(it)}, onset ${i + 1} of ${all.length}, ${seconds(it).toFixed(3)} seconds` : `no onset selected, of ${all.length}`;
  w.setAttribute('aria-valuemax', all.length);
  w.setAttribute('aria-valuenow', i + 1);
  w.setAttribute('aria-valuetext', words);
  announce(it ? `${r().name}: ${words}` : '');
  $('rec-facts').textContent = [`${hits().filter((x) => !x.reject).length} onsets`, `${span < 1 ? (span * 1000).toFixed(1) + ' ms' : span.toFixed(2) + ' s'} in sight`,
    `cursor ${t(V.cursor)} s`, it && `${it.reject ? 'rejected' : it.class || 'no name'} at sample ${it.onset}`].filter(Boolean).join('  ·  ');
  fill($('rec-classes'), ...S.classes.map((c) => el('button', { colour: colour(c), onclick: () => name(c), 'aria-pressed': String(!!it && it.class === c) }, el('kbd', {}, keyOf(c) || '·'), ' ' + c)));
}

function choose(id) {
  V.sel = id;
  if (id) { S.at = id; V.cursor = S.items.get(id).onset; into(S.items.get(id)); }
  refetch();
}
// name gives the selected onset a class; where none is selected it adds one at
// the cursor.
function name(c) { const it = selected(); if (it) say([it.id], c); else add(c); }

async function add(cls) {
  const inside = hits().find((it) => !it.reject && it.onset < V.cursor && V.cursor < it.end);
  const c = cls || inside?.class || S.last || S.classes[0];
  if (!c) return note('Which class? Name a hit first.', true);
  const u = await act({ do: 'add', recording: r().id, onset: V.cursor, class: c }).catch(() => null);
  if (!u) return;
  choose(u.focus[0]);
  note(`${inside ? 'Split' : 'Added'}: ${c}. Another class key renames it.`, true);
}
function merge() {
  const all = hits().filter((it) => !it.reject), i = all.findIndex((it) => it.id === V.sel);
  if (i < 0 || i + 1 >= all.length) return note('Select the first of two onsets to merge.', true);
  act({ do: 'merge', ids: [all[i].id, all[i + 1].id] }).catch(() => {});
}
function remove() {
  const it = selected();
  if (!it) return note('Select an onset to delete.', true);
  act({ do: 'delete', ids: [it.id] }).then(() => { if (!S.items.has(it.id)) choose(null); }).catch(() => {});
}
// ends lets the selected hit end at the cursor.
function ends() {
  const it = selected() || hits().findLast((x) => !x.reject && x.onset < V.cursor);
  if (!it?.class) return note('Name the hit first: where it ends is kept with its class.', true);
  endAt(it, V.cursor);
}
async function back() {
  const u = await undo();
  if (u.focus?.[0] && S.items.has(u.focus[0])) { const it = S.items.get(u.focus[0]); if (it.rec !== V.rec) open(it.rec); choose(it.id); } else refetch();
}
function step(by) {
  const all = hits(), i = all.findIndex((it) => it.id === V.sel);
  const next = Math.abs(by) > 1 ? all.at(by < 0 ? 0 : -1) : i >= 0 ? all[i + by] : by > 0 ? all.find((it) => it.onset > V.cursor) : all.findLast((it) => it.onset < V.cursor);
  if (next) { choose(next.id); sound.hear(next, { times: 1 }); }
}
function playOn() {
  if (document.body.dataset.playing) return sound.stop();
  // Over and over: what is in sight, or from the cursor on if that is in it.
  if (sound.H.loop) return sound.play(r(), floats(`audio?rec=${r().id}&from=${V.from}&to=${V.to}`).then((samples) => ({ from: V.from, samples })), V.from, V.to, { long: true });
  return sound.hearOn(r(), V.cursor);
}
// seek plays on from the cursor if a recording is playing.
function seek() { if (sound.isLong() && !sound.H.loop) sound.hearOn(r(), V.cursor); }

// The playhead goes over the pictures, and they follow it.
function headAt(p) {
  const line = $('rec-head'), box = $('wave');
  line.hidden = !p || $('recording').hidden || p.rec.id !== r().id;
  if (line.hidden) return;
  if (p.long && p.at > V.to && !drag) look(p.at, V.to - V.from);
  const x = xOf(p.at, box.clientWidth);
  line.hidden = x < 0 || x > box.clientWidth;
  Object.assign(line.style, { left: `${box.offsetLeft + x}px`, top: `${$('overview').offsetTop + $('overview').offsetHeight}px`, bottom: `${$('recording').clientHeight - $('picture').offsetTop - $('picture').clientHeight}px` });
  document.body.dataset.head = p.at;
}

export function key(e, cls) {
  const it = selected(), px = (V.to - V.from) / Math.max($('wave').clientWidth, 1), span = V.to - V.from;
  if (cls) name(cls);
  else if (e.altKey && /^Arrow(Left|Right)$/.test(e.key)) {
    if (it) { nudge(it, (e.key === 'ArrowLeft' ? -1 : 1) * (e.shiftKey ? 0.1 : 1)); V.cursor = it.onset; into(it); sound.hearEdge(it); }
  } else if (e.key === 'ArrowRight' || e.key === 'ArrowDown') step(1);
  else if (e.key === 'ArrowLeft' || e.key === 'ArrowUp') step(-1);
  else if (e.key === 'e') ends();
  else if (e.key === 'Home') step(-Infinity);
  else if (e.key === 'End') step(Infinity);
  else if (e.key === '+' || e.key === '=') zoom(0.5);
  else if (e.key === '-') zoom(2);
  else if (e.key === '0') look(0, r().samples);
  else if (e.key === 'PageUp') look(V.from - span * 0.8, span);
  else if (e.key === 'PageDown') look(V.from + span * 0.8, span);
  else if ('[]{}'.includes(e.key) && e.key.length === 1) {
    V.cursor = Math.round(Math.max(0, Math.min(r().samples - 1, V.cursor + ('[{'.includes(e.key) ? -1 : 1) * Math.max(px, 1) * (e.shiftKey ? 20 : 1))));
    V.sel = null;
    if (V.cursor < V.from || V.cursor > V.to) look(V.cursor - span / 2, span); else paint();
  } else if (e.key === 'Escape') choose(null);
  else if (e.key === ' ') { if (it) (e.shiftKey ? sound.hearSlow : sound.hear)(it); else playOn(); }
  else if (e.key === '.') playOn();
  else if (e.key === ',') { if (it) sound.hearContext(it); }
  else if (e.key === 'a') add();
  else if (e.key === 'm') merge();
  else if (e.key === 'x' || e.key === 'Delete') remove();
  else if (e.key === 'u') back();
  else return false;
  return true;
}

// under returns the onset whose line is near a pointer, or the hit it is in. A
// finger takes hold of the selected onset only: it has no cursor to warn it.
function under(e, edges) {
  const finger = e.pointerType === 'touch', n = sampleAt(e), near = (finger ? 22 : 6) * (V.to - V.from) / e.target.clientWidth;
  const byLine = hits().filter((it) => !finger || it.id === V.sel).map((it) => [Math.abs(it.onset - n), it]).filter(([d]) => d <= near).sort((a, b) => a[0] - b[0])[0];
  return byLine ? byLine[1] : edges ? null : hits().find((it) => it.onset <= n && n < it.end);
}

function down(e) {
  e.target.setPointerCapture(e.pointerId);
  fingers.set(e.pointerId, e.offsetX);
  drag = fingers.size > 1 ? null : { it: under(e, true), x: e.offsetX, from: V.from, moved: false };
}

// move drags an onset, else the picture; two fingers zoom.
function move(e) {
  e.target.style.cursor = drag?.it || under(e, true) ? 'ew-resize' : drag?.moved ? 'grabbing' : '';
  if (fingers.size === 2 && fingers.has(e.pointerId)) return pinch(e);
  if (!drag || Math.abs(e.offsetX - drag.x) < 3 && !drag.moved) return undefined;
  drag.moved = true;
  if (!drag.it) return look(drag.from - (e.offsetX - drag.x) * (V.to - V.from) / e.target.clientWidth, V.to - V.from);
  V.cursor = sampleAt(e);
  return paint();
}
function pinch(e) {
  const apart = () => { const [a, b] = fingers.values(); return Math.max(Math.abs(a - b), 10); };
  const before = apart();
  fingers.set(e.pointerId, e.offsetX);
  const [a, b] = fingers.values();
  zoom(before / apart(), V.from + (a + b) / 2 / e.target.clientWidth * (V.to - V.from));
}

function up(e) {
  const d = drag, hit = d?.it || under(e);
  fingers.delete(e.pointerId);
  drag = null;
  if (!d || d.moved && !d.it) return;
  if (d.moved) { V.sel = d.it.id; moveTo(d.it, sampleAt(e)); sound.hearEdge(d.it); refetch(); return; }
  V.sel = hit ? hit.id : null;
  V.cursor = sampleAt(e);
  if (sound.isLong()) seek();
  else if (hit) { S.at = hit.id; sound.hear(hit, { times: 1 }); }
  paint();
}

export function begin() {
  $('which').onchange = (e) => { open(+e.target.value); V.sel = null; e.target.blur(); refetch(); };
  $('overview').onclick = (e) => { const n = e.offsetX / e.target.clientWidth * r().samples; look(n - (V.to - V.from) / 2, V.to - V.from); V.cursor = Math.round(n); seek(); };
  sound.onHead(headAt);
  for (const c of [$('wave'), $('picture')]) {
    c.onwheel = (e) => {
      e.preventDefault();
      if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) look(V.from + (e.deltaX || e.deltaY) * (V.to - V.from) / c.clientWidth, V.to - V.from);
      else zoom(Math.exp(e.deltaY / 400), sampleAt(e));
    };
    Object.assign(c, { onpointerdown: down, onpointermove: move, onpointerup: up, onpointercancel: (e) => { fingers.delete(e.pointerId); drag = null; paint(); } });
  }
}
export const update = () => paint();
