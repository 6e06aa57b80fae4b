// The frame: views, orders, keys.
import { $, S, el, json, load, listen, onChange, classOfKey, guess, item, note, byHand, recall } from './core.js';
import * as queue from './queue.js';
import * as recording from './recording.js';
import * as sheet from './sheet.js';

const views = { queue, recording, sheet };
let view = 'queue';

function open(name) {
  view = name;
  for (const v of Object.keys(views)) {
    $(v).hidden = v !== name;
    document.querySelector(`[data-view=${v}]`).setAttribute('aria-selected', String(v === name));
  }
  $('order').disabled = $('filter').disabled = name !== 'queue';
  if (name === 'queue' && S.at) queue.go(S.at); else views[name].show();
}

// order sorts the queue. It stays as it is until it is asked for again, so that
// no hit moves away under the hand.
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
    const ids = await json(`order?like=${S.at}`).catch((e) => { note(e.message); return []; });
    clearTimeout(wait);
    S.ids = ids.filter((id) => S.items.has(id));
  } else S.ids = all.sort(sorts[by] || recorded).map((it) => it.id);
  if ($('filter').value === 'left') S.ids = S.ids.filter((id) => !byHand(S.items.get(id)) || id === S.at);
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
let begun = false;
onChange((what) => {
  bar();
  const known = new Set(S.ids);
  for (const it of what.items || []) if (!known.has(it.id)) S.ids.push(it.id);
  if (what.all || what.gone?.length) S.ids = S.ids.filter((id) => S.items.has(id));
  if (!begun) return;
  if (!S.items.has(S.at)) S.at = S.ids[0] ?? null;
  (views[view].update || views[view].show)();
});

function next(id) { const s = $(id); s.selectedIndex = (s.selectedIndex + 1) % s.options.length; }

function key(e) {
  if ($('help').open || e.target.matches('input, textarea')) return;
  if (e.target.matches('select') && e.key !== 'Escape') return;
  if (e.target.matches('button') && (e.key === ' ' || e.key === 'Enter')) return;
  if (e.key === 'Tab' || e.ctrlKey && e.key !== 'a' || e.metaKey) return;
  let mine = true;
  if (e.key === '?') $('help').showModal();
  else if (e.key === 'v') { const all = Object.keys(views); open(all[(all.indexOf(view) + 1) % all.length]); }
  else if (e.key === 'o' && view === 'queue') { next('order'); reorder(); }
  else mine = views[view].key(e, classOfKey(e));
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
  $('help-button').onclick = () => $('help').showModal();
  $('list').onscroll = () => requestAnimationFrame(queue.list);
  $('grid').onscroll = () => requestAnimationFrame(sheet.grid);
  addEventListener('resize', () => views[view].resized());
  recording.begin();
  bar();
  open('queue');
  begun = true;
  listen();
  recall();
  document.body.dataset.ready = Math.round(performance.now());
}
begin().catch((e) => note(e.message));
