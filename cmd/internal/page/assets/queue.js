// The queue: one hit large, its neighbours in time and in class, one key a hit.
import { $, S, el, fill, item, rec, byHand, colour, guess, suggestion, say, reject, undo, nudge, keyOf, bytes, json, seconds, note, announce, called, remark } from './core.js';
import * as sound from './sound.js';
import * as draw from './draw.js';
import { thumb } from './thumbs.js';

const ROW = matchMedia('(pointer: coarse)').matches ? 44 : 36, BEFORE = 0.05, AFTER = 0.1; // pixels; seconds shown around the onset
const W = 600, H = 160;
const kept = new Map();
let near = [];

// anchor is what the picture is centred on: nudges move the onset's line, not
// the picture.
function anchor(it) {
  const found = Number(it.id.split('-').pop());
  return Math.abs(found - it.onset) < 0.04 * rec(it).rate ? found : it.onset;
}

// picture returns {image, f0, from, to} of a hit's surroundings.
function picture(it) {
  const r = rec(it), a = anchor(it), from = a - Math.round(BEFORE * r.rate), to = a + Math.round(AFTER * r.rate), key = `${r.id} ${from}${draw.lookQuery()}`;
  if (!kept.has(key)) {
    const p = Promise.all([bytes(`spectrogram?rec=${r.id}&from=${from}&to=${to}&w=${W}&h=${H}${draw.lookQuery()}`),
      json(`pitch?rec=${r.id}&from=${it.onset}&to=${it.end}`), sound.around(it)])
      .then(([grid, pitch, s]) => ({ image: draw.image(grid, W, H), pitch, from, to, sound: s }));
    p.catch(() => kept.delete(key));
    kept.set(key, p);
    if (kept.size > 150) kept.delete(kept.keys().next().value);
  }
  return kept.get(key);
}

export function show() {
  list();
  panel();
  const it = item();
  if (!it) {
    $('hit-name').textContent = 'No hits here';
    $('hit-facts').textContent = S.items.size ? 'Nothing is left to label in this order.' : 'Run `prep segment` first.';
    for (const c of ['hit-wave', 'hit-picture']) draw.fit($(c));
    $('near').replaceChildren();
    return;
  }
  title(it);
  canvases(it);
  neighbours(it);
}

export function resized() { show(); }

// The playhead goes over the pictures.
sound.onHead((p) => {
  const it = item(), line = $('hit-head'), box = $('hit-wave');
  line.hidden = !p || !it || $('queue').hidden || p.rec.id !== rec(it).id;
  if (line.hidden) return;
  const a = anchor(it), x = (p.at - a + BEFORE * p.rate) / ((BEFORE + AFTER) * p.rate);
  line.hidden = x < 0 || x > 1;
  line.style.left = `${x * box.clientWidth}px`;
  document.body.dataset.head = p.at;
});

function title(it) {
  const g = guess(it), r = rec(it);
  $('hit-name').textContent = called(it);
  $('hit-name').style.setProperty('--c', it.reject ? '#ff8d85' : colour(it.class));
  const by = it.reject || !it.class ? '' : byHand(it) ? `named by ${it.who || 'hand'}` : it.by === 'folder' ? 'the folder’s class' : `pre-label (${it.by})`;
  const moved = it.onset === it.found ? '' : it.found < 0 ? (byHand(it) ? 'added' : 'no hit was found here') : `moved ${((it.onset - it.found) / r.rate * 1000).toFixed(2)} ms`;
  $('hit-facts').textContent = [by, g && !byHand(it) && `model: ${g.class} ${Math.round(100 * g.p)} %`, r.name, `${seconds(it).toFixed(3)} s`,
    `hit ${S.ids.indexOf(it.id) + 1} of ${S.ids.length}`, moved, it.unsure && 'unsure'].filter(Boolean).join('  ·  ');
  if (document.activeElement !== $('remark-note')) $('remark-note').value = it.note || '';
  $('remark-unsure').checked = !!it.unsure;
  announce(`${called(it)}${it.unsure ? ', unsure' : ''}${it.note ? `, note: ${it.note}` : ''}, hit ${S.ids.indexOf(it.id) + 1} of ${S.ids.length}, ${r.name}, ${seconds(it).toFixed(3)} seconds`);
}

async function canvases(it) {
  const id = it.id;
  const p = await picture(it).catch((e) => note(e.message));
  if (!p || S.at !== id || $('queue').hidden) return;
  const now = item(id), r = rec(now), x = (n, w) => (n - p.from) / (p.to - p.from) * w;
  wave($('hit-wave'), now, p, r, x);
  spectrum($('hit-picture'), now, p, r, x);
  document.body.dataset.shown = id;
}

function shade(g, it, w, h, x) {
  g.fillStyle = '#0a0c10a0';
  g.fillRect(0, 0, x(it.start, w), h);
  g.fillRect(x(it.end, w), 0, w, h);
  draw.vertical(g, x(it.end, w), h, '#ffffff70', [3, 4]);
  draw.vertical(g, x(it.onset, w), h, '#ffffff');
}

function wave(canvas, it, p, r, x) {
  const { g, w, h } = draw.fit(canvas), s = p.sound, part = s.samples.subarray(p.from - s.from, p.to - s.from);
  let peak = 1e-4;
  for (let n = it.start; n < it.end; n++) peak = Math.max(peak, Math.abs(s.samples[n - s.from]) || 0);
  const pairs = new Float32Array(2 * Math.round(w));
  for (let i = 0, n = pairs.length / 2; i < n; i++) {
    const a = Math.floor(i * part.length / n), b = Math.max(Math.floor((i + 1) * part.length / n), a + 1);
    let lo = Infinity, hi = -Infinity;
    for (let k = a; k <= b && k < part.length; k++) { lo = Math.min(lo, part[k]); hi = Math.max(hi, part[k]); }
    pairs[2 * i] = Math.max(lo, -peak); pairs[2 * i + 1] = Math.min(hi, peak);
  }
  draw.envelope(g, pairs, 0, w, h, 1 / peak, colour(it.reject ? '' : suggestion(it)));
  shade(g, it, w, h, x);
  g.fillStyle = '#dfe5ec';
  g.textAlign = 'right'; g.textBaseline = 'top';
  g.fillText(`peak ${(20 * Math.log10(peak)).toFixed(1)} dB`, w - 8, 6);
}

function spectrum(canvas, it, p, r, x) {
  const { g, w, h } = draw.fit(canvas);
  g.imageSmoothingEnabled = true;
  g.drawImage(p.image, 0, 0, w, h);
  shade(g, it, w, h, x);
  draw.frequencyAxis(g, h, r.rate);
  draw.timeAxis(g, w, h, (p.from - it.onset) / r.rate, (p.to - it.onset) / r.rate, 'ms');
  g.textAlign = 'right'; g.textBaseline = 'top';
  g.fillStyle = '#7ff0e0';
  if (!p.pitch.f0) { g.fillStyle = '#e9edf2'; draw.words(g, 'no pitch', w - 8, 6); return; }
  for (let k = 1; k * p.pitch.f0 < 6000 && k <= 12; k++) {
    const y = h * (1 - draw.rowOf(k * p.pitch.f0, r.rate));
    g.globalAlpha = k === 1 ? 1 : 0.55;
    g.fillRect(x(it.onset, w), y, x(it.end, w) - x(it.onset, w), k === 1 ? 2 : 1);
  }
  g.globalAlpha = 1;
  draw.words(g, `f0 ${p.pitch.f0.toFixed(0)} Hz and harmonics  (confidence ${p.pitch.confidence.toFixed(2)})`, w - 8, 6);
}

// list draws the rows in sight of however many there are.
export function list() {
  const box = $('list');
  if (!box.clientHeight) return;
  const first = Math.max(0, Math.floor(box.scrollTop / ROW) - 4), last = Math.min(S.ids.length, first + Math.ceil(box.clientHeight / ROW) + 8);
  const rows = [el('div', { style: null, top: 0 })];
  rows[0].style.height = `${S.ids.length * ROW}px`;
  for (let i = first; i < last; i++) {
    const it = S.items.get(S.ids[i]);
    if (!it) continue;
    const row = el('div', { class: `row ${byHand(it) ? 'hand' : ''} ${it.reject ? 'reject' : it.class ? '' : 'none'}`, role: 'option', id: `row-${i}`,
      'aria-selected': String(it.id === S.at), 'aria-setsize': S.ids.length, 'aria-posinset': i + 1, colour: colour(it.class), onclick: () => go(it.id, true) },
    el('i'), el('b', {}, called(it) + (it.unsure ? ' ?!' : '') + (it.note ? ' ✎' : '')), el('small', {}, `${seconds(it).toFixed(2)} s`));
    row.title = `${rec(it).name}, ${seconds(it).toFixed(3)} s${it.note ? `: ${it.note}` : ''}`;
    Object.assign(row.style, { top: `${i * ROW}px`, height: `${ROW}px` });
    rows.push(row);
  }
  box.replaceChildren(...rows);
  box.setAttribute('aria-activedescendant', `row-${S.ids.indexOf(S.at)}`);
}

// other takes the name of a class that is not there yet; what is being typed
// stays when the panel is drawn again.
const other = el('input', { placeholder: 'another class', 'aria-label': 'Name it as another class', maxlength: 64 });
const form = el('form', { onsubmit: (e) => {
  e.preventDefault();
  const c = other.value.trim();
  other.value = '';
  other.blur();
  if (c) name(c);
} }, other);

function panel() {
  const it = item(), counts = S.stats.classes || {}, g = guess(it), probs = it?.guess;
  const buttons = S.classes.map((c, i) => el('button', { class: `${it && !it.reject && it.class === c ? 'is' : ''} ${g?.class === c ? 'guess' : ''}`,
    colour: colour(c), onclick: () => name(c), 'aria-pressed': String(!!it && !it.reject && it.class === c), 'aria-keyshortcuts': keyOf(c) || null },
  el('kbd', {}, keyOf(c) || ' '), el('b', {}, c), el('small', {}, probs ? `${Math.round(probs[i] / 10)} %` : String(counts[c] || 0)),
  probs && el('u', {}, el('i', { width: `${probs[i] / 10}%` }))));
  const sug = it && !byHand(it) && suggestion(it);
  fill($('classes'), ...buttons, form, el('div', { class: 'acts' },
    sug ? el('button', { class: 'wide', onclick: accept }, el('kbd', {}, 'enter'), ` accept ${sug}`) : null,
    el('button', { onclick: drop }, el('kbd', {}, 'x'), ' reject'), el('button', { onclick: back }, el('kbd', {}, 'u'), ' undo'),
    el('button', { onclick: () => it && sound.hear(it) }, el('kbd', {}, 'space'), ' play'),
    el('button', { onclick: () => it && sound.hearContext(it) }, el('kbd', {}, ','), ' around')), stats());
}

function stats() {
  const s = S.stats;
  return el('p', {}, `${s.labelled} labelled, ${s.left} left, ${s.rejected} rejected`, el('br'),
    s.per_minute ? `${s.per_minute.toFixed(0)} a minute, ${(s.left / s.per_minute).toFixed(0)} min to go` : 'pace: after two labels', el('br'),
    `${(s.corrections || 0).toFixed(2)} corrections a hit`, el('br'), s.moved ? `${s.moved} moved or added` : 'no onset moved');
}

// neighbours shows hits that bear the same name, spread over the set.
function neighbours(it) {
  const cls = suggestion(it);
  const same = cls ? [...S.items.values()].filter((o) => o.class === cls && o.id !== it.id && !o.reject) : [];
  const hand = same.filter(byHand), from = hand.length >= 8 ? hand : same;
  near = Array.from({ length: Math.min(8, from.length) }, (_, i) => from[Math.floor(i * from.length / Math.min(8, from.length))]);
  $('near-title').textContent = near.length ? `Others called ${cls}: compare with shift 1–${near.length}` : 'No other hit bears this name yet';
  fill($('near'), ...near.map((o, i) => {
    const c = el('canvas');
    thumb(c, o);
    return el('button', { 'aria-label': `Neighbour ${i + 1}, ${rec(o).name}`, title: `${rec(o).name}, ${seconds(o).toFixed(2)} s`, onclick: () => sound.hear(o, { times: 1 }) }, c, el('kbd', {}, String(i + 1)));
  }));
}

// go shows a hit and, if wanted, sounds it; the ones behind it are fetched.
export function go(id, sounds) {
  if (!S.items.has(id)) return;
  S.at = id;
  const it = item(), i = S.ids.indexOf(id), box = $('list');
  if (sounds) sound.hear(it);
  if (i * ROW < box.scrollTop || (i + 1) * ROW > box.scrollTop + box.clientHeight) box.scrollTop = i * ROW - box.clientHeight / 3;
  show();
  const next = S.ids.slice(i + 1, i + 9);
  sound.preload(next);
  next.slice(0, 4).forEach((n) => S.items.has(n) && picture(S.items.get(n)).catch(() => {}));
}

// page is how many hits are in sight in the list.
const page = () => Math.max(1, Math.floor($('list').clientHeight / ROW) - 1);
// step goes on by one, and says where there is no more; by more, as far as there are hits.
function step(by) {
  const at = S.ids.indexOf(S.at), i = Math.abs(by) === 1 ? at + by : Math.max(0, Math.min(S.ids.length - 1, at + by));
  if (i >= 0 && i < S.ids.length) go(S.ids[i], true);
  else { show(); note(by > 0 ? 'That was the last hit of this order.' : 'This is the first hit.', true); }
}
function name(c) { if (item()) { const id = S.at; step(1); say([id], c); } }
function drop() { if (item()) { const id = S.at; step(1); reject([id]); } }
function accept() {
  const it = item(), c = it && suggestion(it);
  if (c) name(c); else note('Nothing to accept: neither a model nor an import has named this hit.', true);
}
async function back() {
  const u = await undo();
  if (u.focus?.[0]) { if (!S.ids.includes(u.focus[0])) S.ids.push(u.focus[0]); go(u.focus[0], true); }
}

export function begin() {
  const note = $('remark-note');
  $('remark-unsure').onchange = (e) => { if (item()) remark(item(), { unsure: e.target.checked }); e.target.blur(); };
  note.onfocus = () => { note.dataset.of = S.at; };
  note.onchange = () => { const it = S.items.get(note.dataset.of); if (it) remark(it, { note: note.value.trim() }); };
  note.onkeydown = (e) => { if (e.key === 'Enter' || e.key === 'Escape') note.blur(); };
}

// key handles a key press; it returns whether it was one of this view's.
export function key(e, cls) {
  const it = item(), digit = /^Digit([1-8])$/.exec(e.code);
  if (cls) name(cls);
  else if (e.altKey && /^Arrow(Left|Right)$/.test(e.key)) {
    if (it) { nudge(it, (e.key === 'ArrowLeft' ? -1 : 1) * (e.shiftKey ? 0.1 : 1)); sound.hearEdge(it); }
  } else if (e.shiftKey && digit) { if (near[digit[1] - 1]) sound.hear(near[digit[1] - 1], { times: 1 }); }
  else if (e.key === ' ') { if (it) (e.shiftKey ? sound.hearSlow : sound.hear)(it); }
  else if (e.key === 'ArrowRight' || e.key === 'ArrowDown') step(1);
  else if (e.key === 'ArrowLeft' || e.key === 'ArrowUp') step(-1);
  else if (e.key === 'Home') step(-Infinity);
  else if (e.key === 'End') step(Infinity);
  else if (e.key === 'PageUp') step(-page());
  else if (e.key === 'PageDown') step(page());
  else if (e.key === 'Enter') accept();
  else if (e.key === 'q') { if (it) remark(it, { unsure: !it.unsure }); }
  else if (e.key === 't') $('remark-note').focus();
  else if (e.key === 'x') drop();
  else if (e.key === 'u') back();
  else if (e.key === ',') { if (it) sound.hearContext(it); }
  else if (e.key === 'n') {
    const i = S.ids.indexOf(S.at), later = [...S.ids.slice(i + 1), ...S.ids.slice(0, i)].find((id) => S.items.has(id) && !byHand(S.items.get(id)));
    if (later) go(later, true); else note('All are labelled.', true);
  } else return false;
  return true;
}
