// The dialog of the classes: their names, keys, colours and order.
import { $, S, el, fill, note, saveNames, isSure } from './core.js';

let rows = [];

export function edit() {
  rows = S.names.map((n) => ({ ...n, was: n.class }));
  paint();
  $('names').showModal();
}

function paint() {
  const counts = S.stats.classes || {};
  fill($('names-list'), ...rows.map((r, i) => el('li', {},
    el('input', { value: r.key, maxlength: 1, class: 'key', 'aria-label': `Key of ${r.class}`, oninput: (e) => { r.key = e.target.value.toLowerCase(); } }),
    el('input', { type: 'color', value: r.colour, 'aria-label': `Colour of ${r.class}`, oninput: (e) => { r.colour = e.target.value; } }),
    el('input', { value: r.class, maxlength: 64, 'aria-label': 'Name', oninput: (e) => { r.class = e.target.value; } }),
    el('small', {}, `${counts[r.was] || 0} hits`),
    el('button', { type: 'button', 'aria-label': `${r.class} further up`, disabled: i === 0 || null, onclick: () => move(i, -1) }, '↑'),
    el('button', { type: 'button', 'aria-label': `${r.class} further down`, disabled: i === rows.length - 1 || null, onclick: () => move(i, 1) }, '↓'),
    el('button', { type: 'button', 'aria-label': `Remove ${r.class}`, onclick: () => { rows.splice(i, 1); paint(); } }, '×'))));
}

function move(i, by) {
  const [r] = rows.splice(i, 1);
  rows.splice(i + by, 0, r);
  paint();
}

// save sends what was changed. A name that became that of another class makes the two one.
async function save() {
  const renamed = {}, all = [], counts = S.stats.classes || {};
  for (const r of rows) {
    const c = r.class.trim();
    if (r.was && c !== r.was) renamed[r.was] = c;
    const same = all.find((n) => n.class === c);
    if (!same) all.push({ class: c, key: r.key, colour: r.colour });
    else if (r.was === c) Object.assign(same, { key: r.key, colour: r.colour });
  }
  const n = Object.keys(renamed).reduce((sum, c) => sum + (counts[c] || 0), 0);
  if (!isSure(n, 'get another name.')) return;
  if (await saveNames(all, renamed)) { $('names').close(); note('Saved.', true); }
}

export function begin() {
  $('names-button').onclick = edit;
  $('names-form').onsubmit = (e) => { e.preventDefault(); save(); };
  $('names-new').onclick = () => { rows.push({ class: '', key: '', colour: '' }); paint(); $('names-list').lastElementChild.querySelectorAll('input')[2].focus(); };
  $('names-cancel').onclick = () => $('names').close();
}
