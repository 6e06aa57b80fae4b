// The map: all hits in two dimensions, those that sound alike near each other, to hear, to select
// and to name many at once. Where they lie is the program's to say; here they are drawn.
import { $, S, el, fill, colour, suggestion, say, reject, undo, keyOf, latest, seconds, rec, item, byHand, nudge, note, isSure } from './core.js';
import * as sound from './sound.js';
import { fit } from './draw.js';

const SIDE = 10000; // of the program's plane
const EDGE = 0.02 * SIDE, INSIDE = 0.96; // hits at the edge of the plane are in sight
const NEAR = 14; // pixels from a hit within which the pointer hears it
const M = { ids: [], x: [], y: [], px: new Float32Array(0), py: new Float32Array(0), at: new Map(), odd: [], group: [], groups: [], share: 0, model: false,
  picked: new Set(), lasso: null, hover: -1, zoom: 1, cx: 0.5, cy: 0.5, many: 8, base: document.createElement('canvas'), stale: true };

export async function show() {
  paint();
  await lay();
}

// lay asks where the hits lie.
const chart = latest();
let byModel = false; // what is asked for; M.model is what is shown
async function lay() {
  const wait = setTimeout(() => note('Comparing all hits with each other…', true), 400);
  const c = await chart(`map?groups=${M.many}${byModel ? '&by=model' : ''}`).catch((e) => { byModel = M.model; note(e.message); return null; });
  clearTimeout(wait);
  if (!c) return;
  Object.assign(M, c, { at: new Map(c.ids.map((id, i) => [id, i])), px: new Float32Array(c.ids.length), py: new Float32Array(c.ids.length), hover: -1 });
  for (const id of M.picked) if (!M.at.has(id)) M.picked.delete(id);
  $('map-by').setAttribute('aria-pressed', String(M.model));
  paint();
  document.body.dataset.mapped = c.ids.length;
}

const known = (i) => S.items.get(M.ids[i]);
const here = () => M.at.get(S.at) ?? -1;

// readable returns a colour that stands out from the ground, dark or light, by the 3:1 that WCAG
// asks of graphics: the class's own, or as much nearer to the text's as it takes.
function readable(c, ground, text) {
  for (let f = 0; f < 1; f += 0.1) {
    const mixed = c.map((v, k) => v + f * (text[k] - v)), a = light(mixed), b = light(ground);
    if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) >= 3) return mixed;
  }
  return text;
}
const light = (c) => c.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)).reduce((s, v, k) => s + v * [0.2126, 0.7152, 0.0722][k], 0);
const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const css = (c) => `rgb(${c.map(Math.round).join(' ')})`;
const parts = (c) => c.match(/[\d.]+/g).slice(0, 3).map(Number);
// theme returns the colours in force: of the canvas itself, where they are numbers.
function theme() {
  const s = getComputedStyle($('chart')), soft = getComputedStyle($('map-share')).color;
  return { ground: parts(s.backgroundColor), text: parts(s.color), soft: parts(soft), accent: s.caretColor };
}

// place computes where each hit lies in pixels.
function place(w, h) {
  const s = M.zoom / SIDE, ox = w / 2 - M.cx * M.zoom * w, oy = h / 2 - M.cy * M.zoom * h;
  for (let i = 0; i < M.ids.length; i++) {
    M.px[i] = ox + (M.x[i] * INSIDE + EDGE) * s * w;
    M.py[i] = oy + (SIDE - M.y[i] * INSIDE - EDGE) * s * h;
  }
}

// stamp returns the pixels of a hit: where each is, and how much of it is covered. Full where a
// person has named the hit, else a ring.
function stamp(full, r) {
  const pixels = [], inner = full ? -1 : r - Math.max(1.3, r * 0.4), n = Math.ceil(r);
  for (let y = -n; y <= n; y++) for (let x = -n; x <= n; x++) {
    const d = Math.hypot(x, y), a = Math.min(1, Math.max(0, r + 0.5 - d)) * (inner < 0 ? 1 : Math.min(1, Math.max(0, d - inner + 0.5)));
    if (a > 0) pixels.push([x, y, a]);
  }
  return pixels;
}

// ground draws all hits once; what moves is drawn over it. It sets the pixels itself: that many
// pictures would keep the browser's own drawing busy for longer than a frame.
function ground(w, h, s, t) {
  const W = Math.round(w * s), H = Math.round(h * s), g = Object.assign(M.base, { width: W, height: H }).getContext('2d');
  place(w, h);
  const r = Math.min(5, (M.ids.length > 5000 ? 2 : M.ids.length > 500 ? 3 : 5) * M.zoom ** 0.3) * s, looks = new Map();
  const out = g.createImageData(W, H), px = out.data, stamps = { true: stamp(true, r), false: stamp(false, r) }, edge = Math.ceil(r);
  const look = (c) => {
    if (!looks.has(c)) looks.set(c, readable(c && /^#[0-9a-f]{6}$/i.test(colour(c)) ? rgb(colour(c)) : t.soft, t.ground, t.text));
    return looks.get(c);
  };
  for (let i = 0; i < W * H; i++) { px[4 * i] = t.ground[0]; px[4 * i + 1] = t.ground[1]; px[4 * i + 2] = t.ground[2]; px[4 * i + 3] = 255; }
  for (let i = 0; i < M.ids.length; i++) {
    const it = known(i), x = Math.round(M.px[i] * s), y = Math.round(M.py[i] * s);
    if (!it || it.reject || x < edge || y < edge || x >= W - edge || y >= H - edge) continue;
    const c = look(suggestion(it) || '');
    for (const [dx, dy, a] of stamps[byHand(it)]) {
      const k = 4 * ((y + dy) * W + x + dx);
      for (let q = 0; q < 3; q++) px[k + q] += a * (c[q] - px[k + q]);
    }
  }
  g.putImageData(out, 0, 0);
  g.strokeStyle = css(t.text);
  g.lineWidth = s;
  g.beginPath();
  M.odd.forEach((odd, i) => { if (odd && known(i) && !known(i).reject) ring(g, M.px[i] * s, M.py[i] * s, r + 3 * s); });
  g.stroke();
  Object.assign(M, { stale: false, ground: css(t.ground) });
}
function ring(g, x, y, r) { g.moveTo(x + r, y); g.arc(x, y, r, 0, 7); }

// draw shows the hits, what is selected, and the one that is heard.
function draw() {
  const canvas = $('chart');
  if (!canvas.clientWidth) return;
  const { g, w, h } = fit(canvas), s = canvas.width / w, t = theme();
  if (M.stale || M.ground !== css(t.ground) || M.base.width !== canvas.width || M.base.height !== canvas.height) ground(w, h, s, t);
  g.drawImage(M.base, 0, 0, w, h);
  g.strokeStyle = t.accent;
  g.lineWidth = 1.5;
  g.beginPath();
  for (const id of M.picked) { const i = M.at.get(id); g.rect(M.px[i] - 5, M.py[i] - 5, 10, 10); } // no ring: those are odd ones
  g.stroke();
  if (M.lasso) {
    g.beginPath();
    M.lasso.forEach(([x, y], i) => (i ? g.lineTo(x, y) : g.moveTo(x, y)));
    g.closePath();
    g.globalAlpha = 0.15;
    g.fillStyle = t.accent;
    g.fill();
    g.globalAlpha = 1;
    g.stroke();
  }
  for (const [i, far] of [[here(), 9], [M.hover, 7]]) {
    if (i < 0) continue;
    g.lineWidth = 2.5;
    g.strokeStyle = css(t.text);
    g.beginPath(); ring(g, M.px[i], M.py[i], far); g.stroke();
  }
}

let waiting = false;
function soon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; draw(); });
}

function paint() {
  if ($('map').hidden) return;
  M.stale = true;
  const counts = new Map(), n = M.picked.size, odd = M.odd.filter((o, i) => o && known(i) && !known(i).reject).length;
  for (const id of M.ids) { const it = S.items.get(id); if (it && !it.reject) counts.set(suggestion(it) || '', (counts.get(suggestion(it) || '') || 0) + 1); }
  fill($('map-move'), ...S.classes.map((c) => el('button', { colour: colour(c), onclick: () => name(c) }, el('kbd', {}, keyOf(c) || '·'), ` ${c} `, el('small', {}, String(counts.get(c) || 0)))),
    el('button', { onclick: drop }, el('kbd', {}, 'x'), ' reject'), el('button', { onclick: back }, el('kbd', {}, 'u'), ' undo'));
  fill($('map-groups'), ...M.groups.map((g, k) => el('button', { 'aria-label': `${k + 1} ${g.size} hits: select this group and hear it`, onclick: () => pickGroup(k) }, `${k + 1} `, el('small', {}, `${g.size} hits`))),
    el('button', { onclick: () => regroup(-2), 'aria-label': 'Fewer groups' }, '−'), el('button', { onclick: () => regroup(2), 'aria-label': 'More groups' }, '+'));
  $('map-odd').textContent = `${odd} odd ones`;
  $('map-odd').disabled = !odd;
  $('map-facts').textContent = n ? `${n} selected: a class key names them all` : facts(item());
  $('map-share').textContent = M.ids.length ? `What ${M.model ? 'the set’s model hears as alike' : 'sounds alike'} lies near: the two axes show ${Math.round(100 * M.share)} % of the differences between ${M.ids.length} hits. Full: named by a person. Ringed: unlike its name.` : 'No hits yet.';
  draw();
}
const facts = (it) => (it ? `${suggestion(it) || 'no name yet'}${it.class || !suggestion(it) ? '' : '?'}, ${rec(it).name} at ${seconds(it).toFixed(3)} s` : '');

// name gives the selected hits, or else the one that is marked, a name: one act, which one undo
// takes back.
function chosen() { return (M.picked.size ? [...M.picked] : [S.at]).filter((id) => S.items.has(id)); }
function name(c) {
  const ids = chosen();
  if (!ids.length || !isSure(ids.length, `are to be called ${c}.`)) return;
  M.picked.clear();
  say(ids, c);
}
function drop() {
  const ids = chosen();
  if (!ids.length || !isSure(ids.length, 'are to be rejected.')) return;
  M.picked.clear();
  reject(ids);
}
async function back() {
  const u = await undo();
  if (u.focus?.length === 1) go(u.focus[0], true);
}

function go(id, sounds) {
  if (!S.items.has(id)) return;
  S.at = id;
  if (sounds) sound.hear(item(), { times: 1 });
  document.body.dataset.chart = id;
  $('map-facts').textContent = facts(item());
  bring(here());
  soon();
}
// bring scrolls so far that a hit is in sight.
function bring(i) {
  const c = $('chart'), w = c.clientWidth, h = c.clientHeight;
  if (i < 0 || M.px[i] >= 0 && M.px[i] <= w && M.py[i] >= 0 && M.py[i] <= h) return;
  look(M.zoom, M.x[i] / SIDE, 1 - M.y[i] / SIDE);
}
function look(zoom, cx, cy) {
  const half = 0.5 / zoom, within = (v) => Math.min(Math.max(v, Math.min(half, 0.5)), Math.max(1 - half, 0.5));
  Object.assign(M, { zoom, cx: within(cx), cy: within(cy), stale: true });
  soon();
}
function zoom(by, x = 0.5, y = 0.5) {
  const to = Math.min(40, Math.max(1, M.zoom * by)), k = 1 / M.zoom - 1 / to;
  look(to, M.cx + (x - 0.5) * k, M.cy + (y - 0.5) * k);
}

// nearest returns the hit that is nearest to a place, within so many pixels, or -1.
function nearest(x, y, within) {
  let best = -1, least = within * within;
  for (let i = 0; i < M.ids.length; i++) {
    const dx = M.px[i] - x, dy = M.py[i] - y, d = dx * dx + dy * dy;
    if (d < least && known(i) && !known(i).reject) { best = i; least = d; }
  }
  return best;
}
// towards goes to the nearest hit in a direction: no farther to the side than ahead.
function towards(dx, dy, add) {
  const from = here();
  let best = -1, least = Infinity;
  for (let i = 0; i < M.ids.length; i++) {
    if (i === from || !known(i) || known(i).reject) continue;
    const x = from < 0 ? M.px[i] : M.px[i] - M.px[from], y = from < 0 ? M.py[i] : M.py[i] - M.py[from];
    const ahead = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (ahead <= 0.01 || aside > ahead) continue;
    if (ahead + 2 * aside < least) { best = i; least = ahead + 2 * aside; }
  }
  if (best < 0) { note('No hit lies farther in this direction.', true); return; }
  if (add) { if (from >= 0) M.picked.add(M.ids[from]); M.picked.add(M.ids[best]); }
  go(M.ids[best], true);
  if (add) paint();
}

function pick(ids, add) {
  if (!add) M.picked.clear();
  ids.forEach((id) => M.picked.add(id));
  document.body.dataset.picked = M.picked.size;
  paint();
}
function pickGroup(k) {
  pick(M.ids.filter((id, i) => M.group[i] === k && S.items.has(id) && !S.items.get(id).reject));
  go(M.groups[k].typical, true);
  $('map-facts').textContent = `${M.picked.size} selected: a class key names them all`;
}
function regroup(by) { M.many = Math.min(40, Math.max(2, M.many + by)); lay(); }
function nextOdd() {
  const all = M.ids.filter((id, i) => M.odd[i] && S.items.has(id) && !S.items.get(id).reject);
  if (all.length) go(all[(all.indexOf(S.at) + 1) % all.length], true);
}

// inside reports which hits lie within a line that is closed: by the number of its crossings.
function inside(line) {
  const ids = [];
  for (let i = 0; i < M.ids.length; i++) {
    const x = M.px[i], y = M.py[i];
    let is = false;
    for (let a = 0, b = line.length - 1; a < line.length; b = a++) {
      const [ax, ay] = line[a], [bx, by] = line[b];
      if (ay > y !== by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax) is = !is;
    }
    if (is && known(i) && !known(i).reject) ids.push(M.ids[i]);
  }
  return ids;
}

function hover(i) {
  if (i === M.hover) return;
  M.hover = i;
  const it = i < 0 ? null : known(i);
  if (it) { sound.hear(it, { times: 1 }).catch(() => {}); $('map-facts').textContent = facts(it); document.body.dataset.hovered = it.id; }
  soon();
}
let down = null;
function press(e) { down = [e.offsetX, e.offsetY]; e.target.setPointerCapture?.(e.pointerId); }
function move(e) {
  if (!down) { hover(nearest(e.offsetX, e.offsetY, NEAR)); return; }
  if (!M.lasso && Math.hypot(e.offsetX - down[0], e.offsetY - down[1]) > 6) M.lasso = [down];
  if (M.lasso) { M.lasso.push([e.offsetX, e.offsetY]); soon(); }
}
function release(e) {
  if (!down) return;
  const line = M.lasso;
  down = M.lasso = null;
  if (line) { pick(inside(line), e.shiftKey); return; }
  const i = nearest(e.offsetX, e.offsetY, NEAR);
  if (i >= 0) { if (e.shiftKey) toggle(M.ids[i]); go(M.ids[i], true); } else if (!e.shiftKey) pick([]);
}
function toggle(id) { if (!M.picked.delete(id)) M.picked.add(id); paint(); }

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
export function key(e, cls) {
  const it = item(), arrow = ARROWS[e.key];
  if (cls) name(cls);
  else if (e.altKey && /^Arrow(Left|Right)$/.test(e.key)) {
    if (it) { nudge(it, (e.key === 'ArrowLeft' ? -1 : 1) * (e.shiftKey ? 0.1 : 1)); sound.hearEdge(it); }
  } else if (arrow) towards(...arrow, e.shiftKey);
  else if (e.key === ' ') { if (it) (e.shiftKey ? sound.hearSlow : sound.hear)(it); }
  else if (e.key === ',') { if (it) sound.hearContext(it); }
  else if (e.key === 'Enter') { if (it) toggle(it.id); }
  else if (e.key === 'Escape') { M.lasso = down = null; pick([]); }
  else if (e.key === 'a' && (e.ctrlKey || e.metaKey)) pick(M.ids.filter((id) => S.items.has(id) && !S.items.get(id).reject));
  else if (e.key === '.') { if (here() >= 0) pickGroup(M.group[here()]); }
  else if (e.key === ']') nextOdd();
  else if (e.key === '+' || e.key === '-') zoom(e.key === '+' ? 1.5 : 1 / 1.5);
  else if (e.key === '0') look(1, 0.5, 0.5);
  else if (e.key === 'x') drop();
  else if (e.key === 'u') back();
  else return false;
  return true;
}

export function begin() {
  Object.assign($('chart'), { onpointerdown: press, onpointermove: move, onpointerup: release, onpointercancel: () => { down = M.lasso = null; soon(); },
    onpointerleave: () => hover(-1),
    onwheel: (e) => { e.preventDefault(); zoom(Math.exp(-e.deltaY / 400), e.offsetX / e.target.clientWidth, e.offsetY / e.target.clientHeight); } });
  $('map-odd').onclick = nextOdd;
  $('map-anew').onclick = lay;
  Object.assign($('map-by'), { hidden: !S.embeds, onclick: () => { byModel = !byModel; lay(); } });
  document.querySelectorAll('[data-zoom]').forEach((b) => { b.onclick = () => zoom(+b.dataset.zoom); });
}
export const resized = () => paint();
export const update = () => { for (const id of M.picked) if (!S.items.has(id)) M.picked.delete(id); paint(); };
