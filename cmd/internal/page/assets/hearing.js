// The controls of hearing and seeing: speed, loop, loudness; range, window and scale of spectrograms.
import { $, el } from './core.js';
import * as sound from './sound.js';
import { look, looking } from './draw.js';

const WORDS = { 1: '1', 0.5: '½', 0.25: '¼' };

// controls fills the places for them; each is as the others are.
function controls(box) {
  const speed = el('select', { 'aria-label': 'Speed', title: 'speed (s): slower is deeper', onchange: (e) => { sound.hearing({ speed: +e.target.value }); e.target.blur(); } },
    ...sound.SPEEDS.map((s) => el('option', { value: s }, WORDS[s])));
  const loop = el('button', { title: 'over and over (l)', onclick: toggle }, el('kbd', {}, 'l'), ' Loop');
  const gain = el('input', { type: 'range', min: -20, max: 40, step: 1, 'aria-label': 'Louder, in dB', oninput: (e) => sound.hearing({ gain: +e.target.value }) });
  box.prepend(speed, loop, gain);
  const show = () => {
    speed.value = sound.H.speed;
    loop.setAttribute('aria-pressed', String(sound.H.loop));
    gain.value = sound.H.gain;
    gain.title = `${sound.H.gain > 0 ? '+' : ''}${sound.H.gain} dB, where nothing clips`;
  };
  sound.onHearing(show);
  show();
}
function toggle() { sound.hearing({ loop: !sound.H.loop }); if (!sound.H.loop) sound.stop(); }

// key handles the keys of hearing; it returns whether it was one.
export function key(e) {
  if (e.key === 'l') toggle();
  else if (e.key === 's') sound.hearing({ speed: sound.SPEEDS[(sound.SPEEDS.indexOf(sound.H.speed) + 1) % sound.SPEEDS.length] });
  else return false;
  return true;
}

// begin makes the controls; changed is called when pictures are to look otherwise.
export function begin(changed) {
  document.querySelectorAll('.hearing').forEach(controls);
  for (const name of ['range', 'window', 'scale']) {
    const select = $(`look-${name}`);
    select.value = look[name];
    select.onchange = () => { looking({ [name]: select.value }); changed(); };
  }
}
