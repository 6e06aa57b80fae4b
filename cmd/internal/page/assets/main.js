// The frame: views, orders, keys.
import { $, S, el, latest, load, listen, onChange, classOfKey, guess, item, note, byHand, recall, redo, isPlain } from './core.js';
import * as sound from './sound.js';
import * as queue from './queue.js';
import * as recording from './recording.js';
import * as sheet from './sheet.js';
import * as map from './map.js';
import * as second from './second.js';
import * as start from './start.js';
import * as play from './play.js';
import * as names from './names.js';
import * as hearing from './hearing.js';
import * as filter from './filter.js';

const views = { start, queue, recording, sheet, map, play };
const COMMANDS = ['queue', 'recording', 'sheet', 'map']; // views in which keys name hits
let view = 'queue';

function open(name) {
  if (name !== view) views[view].leave?.();
  view = document.body.dataset.room = name;
  for (const v of Object.keys(views)) {
    $(v).hidden = v !== name;
    document.querySelector(`[data-view=${v}]`).setAttribute('aria-selected', String(v === name));
  }
  $('order').disabled = $('filter').disabled = $('find').disabled = name !== 'queue';
  if (name === 'queue' && S.at) queue.go(S.at); else views[name].show();
}

// order sorts the queue. It stays as it is until it is asked for again, so that
// no hit moves away under the hand.
const alike = latest();
async function order() {
  const all = [...S.items.values()], by = $('order').value;
  const recorded = (a, b) => a.rec - b.rec || a.onset - b.onset;
  // Doubt is one less the margin between the two likeliest classes.
  const doubt = (it) => { const g = guess(it); return g ? 1 - (g.p - g.second) : -1; };
  // Disagreement is how unlikely the model finds the name that the hit bears.
  const against = (it) => (it.guess && it.class && !it.reject ? 1 - it.guess[S.classes.indexOf(it.class)] / 1000 : -1);
  const sorts = { recorded, class: (a, b) => (S.classes.indexOf(a.class) - S.classes.indexOf(b.class)) || recorded(a, b),
    doubt: (a, b) => doubt(b) - doubt(a) || recorded(a, b), disagree: (a, b) => against(b) - against(a) || recorded(a, b) };
  if ((by === 'doubt' || by === 'disagree') && !all.some((it) => it.guess)) note('No model has looked at these hits: train one, or name one with --model.', true);
  if (by === 'similar' && S.at) {
    const wait = setTimeout(() => note('Comparing every hit with this one…', true), 400);
    const ids = await alike(`order?like=${S.at}`).catch((e) => { note(e.message); return []; });
    clearTimeout(wait);
    if (!ids || $('order').value !== by) return; // another order has been asked for meanwhile
    S.ids = ids.filter((id) => S.items.has(id));
  } else S.ids = all.sort(sorts[by] || recorded).map((it) => it.id);
  const { keep, unknown } = filter.parse($('find').value), left = $('filter').value === 'left';
  if (unknown.length) note(`Not understood: ${unknown.join(' ')}. Words are text, ${filter.HINTS.join(' ')}`, true);
  S.ids = S.ids.filter((id) => keep(S.items.get(id)) && (!left || !byHand(S.items.get(id)) || id === S.at));
  document.body.dataset.found = S.ids.length;
  document.body.dataset.order = by;
}

async function reorder() {
  await order();
  S.at = $('order').value === 'recorded' && S.items.has(S.at) ? S.at : S.ids[0];
  $('list').scrollTop = 0;
  if (S.at) queue.go(S.at, true); else queue.show();
}

function bar() {
  const s = S.stats, p = $('progress');
  p.firstChild.style.width = `${100 * s.labelled / Math.max(s.hits, 1)}%`;
  p.lastChild.replaceChildren(`${s.labelled} of ${s.hits} labelled`, s.per_minute ? el('small', {}, `, ${s.per_minute.toFixed(0)} a minute`) : '');
  p.setAttribute('aria-valuemax', s.hits);
  p.setAttribute('aria-valuenow', s.labelled);
}

// Before begin has opened a view there is nothing to draw anew.
let begun = false, was = new Set(); // the items before
onChange((what) => {
  bar();
  // A hit that is new is shown if it is one of those that are looked for.
  const { keep } = filter.parse($('find').value), fresh = (what.all ? [...S.items.values()] : what.items || []).filter((it) => !was.has(it.id));
  S.ids = S.ids.concat(fresh.filter(keep).sort((a, b) => a.rec - b.rec || a.onset - b.onset).map((it) => it.id));
  if (what.all) was = new Set(S.items.keys());
  fresh.forEach((it) => was.add(it.id));
  (what.gone || []).forEach((id) => was.delete(id));
  if (what.all || what.gone?.length) S.ids = S.ids.filter((id) => S.items.has(id));
  if (!begun) return;
  if (!S.items.has(S.at)) S.at = S.ids[0] ?? null;
  (views[view].update || views[view].show)();
});

function next(id) { const s = $(id); s.selectedIndex = (s.selectedIndex + 1) % s.options.length; }

// again does again what was undone.
async function again() {
  const u = await redo();
  if (view === 'queue' && S.items.has(u.focus?.[0])) queue.go(u.focus[0], true);
}

function key(e) {
  if (document.querySelector('dialog[open]') || e.target.matches('input, textarea')) return;
  if (e.target.matches('select') && e.key !== 'Escape') return;
  if (e.target.matches('button') && (e.key === ' ' || e.key === 'Enter')) return;
  const ctrl = (e.ctrlKey || e.metaKey) && !isPlain(e) && e.key.toLowerCase(), undoing = ctrl === 'z' && !e.shiftKey;
  if (ctrl === 'y' || ctrl === 'z' && e.shiftKey) { e.preventDefault(); again(); return; }
  if (undoing) e = { key: 'u', code: '', target: e.target, preventDefault: () => e.preventDefault() };
  else if (e.key === 'Tab' || ctrl && ctrl !== 'a') return;
  let mine = true;
  const cls = COMMANDS.includes(view) && !undoing ? classOfKey(e) : undefined;
  if (cls) mine = views[view].key(e, cls);
  else if (e.key === '?') $('help').showModal();
  else if (e.key === '/') { if (view !== 'queue') open('queue'); $('find').focus(); $('find').select(); }
  else if (e.key === 'v') open(COMMANDS[(COMMANDS.indexOf(view) + 1) % COMMANDS.length]);
  else if (e.key === 'o' && view === 'queue') { next('order'); reorder(); }
  else mine = views[view].key(e) || COMMANDS.includes(view) && hearing.key(e);
  if (mine) e.preventDefault();
}

async function begin() {
  await load();
  await order();
  S.at = (S.ids.find((id) => !byHand(S.items.get(id))) ?? S.ids[0]) || null;
  document.addEventListener('keydown', key);
  document.querySelectorAll('nav button').forEach((b) => { b.onclick = () => open(b.dataset.view); });
  document.querySelectorAll('[data-key]').forEach((b) => { b.onclick = () => views[view].key({ key: b.dataset.key, code: '', altKey: 'alt' in b.dataset, shiftKey: 'shift' in b.dataset }); });
  document.addEventListener('click', (e) => { if (e.detail && e.target.closest('button')) document.activeElement.blur(); });
  $('order').onchange = $('filter').onchange = (e) => { e.target.blur(); reorder(); };
  $('find').onchange = reorder;
  $('find').onkeydown = (e) => { if (e.key === 'Escape') { e.target.value = ''; reorder(); } if (e.key === 'Escape' || e.key === 'Enter') e.target.blur(); };
  $('hints').replaceChildren(...filter.HINTS.map((h) => el('option', { value: h })));
  $('help-button').onclick = () => $('help').showModal();
  $('list').onscroll = () => requestAnimationFrame(queue.list);
  $('grid').onscroll = () => requestAnimationFrame(sheet.grid);
  addEventListener('resize', () => views[view].resized());
  queue.begin();
  recording.begin();
  start.begin();
  start.onGo(open);
  second.begin((id) => { open('queue'); queue.go(id, true); });
  map.begin();
  play.begin();
  names.begin();
  hearing.begin(() => views[view].resized());
  bar();
  open(S.first === 'start' || !S.items.size ? 'start' : 'queue');
  begun = true;
  listen();
  recall();
  document.body.dataset.ready = Math.round(performance.now());
  (window.requestIdleCallback || setTimeout)(sound.warm);
}
begin().catch((e) => note(e.message));
