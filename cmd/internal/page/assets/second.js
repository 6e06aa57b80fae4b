// Who labels, a second labeller who does not see the names of others, and how far two agree.
import { $, S, el, fill, json, latest, note, onChange, isUnsaved, colour } from './core.js';

const MOST = 200; // places where two differ that are listed
const P = { labellers: [], a: '', b: '', pair: '' };
let visit = () => {};

function paint() {
  if ($('start').hidden) return;
  $('seat-facts').textContent = S.second ? `${S.who} labels as a second labeller: no names of others and no pre-labels are shown, and nothing that ${S.who} says changes theirs.` : `${S.who} labels. What is said here is what models learn from.`;
  if (document.activeElement !== $('seat-who') && $('seat-who').dataset.seat !== S.seat) {
    $('seat-who').value = S.who;
    $('seat-second').checked = S.second;
    $('seat-who').dataset.seat = S.seat;
  }
}

async function people() {
  const c = await json('agreement').catch(() => null);
  if (!c) return;
  P.labellers = c.labellers;
  const names = [...new Set(c.labellers.map((l) => l.who))];
  for (const [s, i] of [['agree-a', 0], ['agree-b', 1]]) {
    const was = $(s).value;
    fill($(s), ...names.map((n) => el('option', { value: n }, `${n} (${Math.max(...c.labellers.filter((l) => l.who === n).map((l) => l.hits))} hits)`)));
    $(s).value = names.includes(was) ? was : names[i] ?? '';
  }
  const two = names.length > 1;
  for (const e of ['agree-a', 'agree-b', 'agree-go']) $(e).hidden = !two;
  if (!two) $('agree-facts').textContent = 'As soon as two people have labelled the same hits, this says how far they agree.';
}

const accord = latest();
async function compare() {
  const a = $('agree-a').value, b = $('agree-b').value;
  if (a === b) { note('Choose two people.'); return; }
  const c = await accord(`agreement?a=${encodeURIComponent(a)}&b=${encodeURIComponent(b)}`).catch((e) => { note(e.message); return null; });
  if (!c) return;
  const g = c.agreement, percent = (x) => `${(100 * x).toFixed(1)} %`;
  $('agree-facts').textContent = `On ${g.moments} hits that both have labelled ${g.a} and ${g.b} agree on ${percent(g.observed)}; by chance it would be ${percent(g.expected)}: Cohen’s kappa ${g.kappa.toFixed(3)}.${
    c.withheld ? ' Where they differ is not shown to a second labeller.' : g.where.length > MOST ? ` The first ${MOST} of ${g.where.length} places where they differ:` : g.where.length ? ' They differ here:' : ''}`;
  fill($('agree-list'), ...g.where.slice(0, MOST).map((w) => el('li', {}, el('button', { colour: colour(w.a), onclick: () => go(w) }, `${w.a} / ${w.b}`))));
  Object.assign(document.body.dataset, { kappa: g.kappa.toFixed(6), compared: g.moments, differ: g.where.length });
}

// go shows the hit that is nearest to a place where two differ.
function go(w) {
  const all = [...S.items.values()].filter((it) => S.recs[it.rec].id === w.recording);
  if (all.length) visit(all.reduce((a, b) => (Math.abs(a.onset - w.onset) <= Math.abs(b.onset - w.onset) ? a : b)).id);
}

// sit has somebody else label from now on, in every tab.
async function sit() {
  if (isUnsaved()) { note('Something is not saved yet: wait until it is.'); return; }
  const r = await fetch('seat', { method: 'POST', body: JSON.stringify({ who: $('seat-who').value.trim(), second: $('seat-second').checked }) }).catch(() => null);
  if (!r?.ok) note(r ? (await r.json().catch(() => ({}))).error || r.statusText : 'The program cannot be reached.');
}

export function begin(toHit) {
  visit = toHit;
  $('seat-form').onsubmit = (e) => { e.preventDefault(); document.activeElement.blur(); sit(); };
  $('agree-go').onclick = compare;
  onChange(() => { document.body.dataset.seat = S.seat; paint(); });
  document.querySelector('[data-view=start]').addEventListener('click', () => { paint(); people(); });
  document.body.dataset.seat = S.seat;
  paint();
  people();
}
