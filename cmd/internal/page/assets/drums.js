// A drum of the browser's own: each sound is synthesized, none is recorded.
let ctx, noise;

// open makes the drum; it returns how long its sound takes to be heard, in ms.
export function open() {
  ctx ||= new AudioContext({ latencyHint: 'interactive' });
  if (ctx.state === 'suspended') ctx.resume();
  if (!noise) {
    noise = ctx.createBuffer(1, ctx.sampleRate / 2, ctx.sampleRate);
    const x = noise.getChannelData(0);
    for (let i = 0, seed = 1; i < x.length; i++) { seed = (seed * 16807) % 2147483647; x[i] = seed / 1073741823 - 1; }
  }
  return 1000 * ((ctx.baseLatency || 0) + (ctx.outputLatency || 0));
}

function envelope(at, level, decay) {
  const g = ctx.createGain();
  g.gain.setValueAtTime(level, at);
  g.gain.exponentialRampToValueAtTime(0.001, at + decay);
  g.connect(ctx.destination);
  return g;
}
function tone(at, from, to, level, decay, type = 'sine') {
  const o = ctx.createOscillator();
  o.type = type;
  o.frequency.setValueAtTime(from, at);
  o.frequency.exponentialRampToValueAtTime(to, at + decay / 2);
  o.connect(envelope(at, level, decay));
  o.start(at);
  o.stop(at + decay);
}
function hiss(at, type, hz, level, decay) {
  const s = ctx.createBufferSource(), f = ctx.createBiquadFilter();
  s.buffer = noise;
  f.type = type;
  f.frequency.value = hz;
  s.connect(f).connect(envelope(at, level, decay));
  s.start(at);
  s.stop(at + decay);
}

// The drums, by what the name of a class has in it; any other class has a tone of its own.
const kit = [
  [/kick|bass|^b$|^bd$|boom/, (at, v) => tone(at, 160, 45, v, 0.25)],
  [/open/, (at, v) => hiss(at, 'highpass', 7000, v * 0.6, 0.3)],
  [/hat|^h$|^hh|ts|tss|cymbal/, (at, v) => hiss(at, 'highpass', 8000, v * 0.6, 0.06)],
  [/snare|^s$|^sd$|clap|pf/, (at, v) => { hiss(at, 'bandpass', 2500, v, 0.16); tone(at, 220, 160, v * 0.5, 0.1); }],
  [/rim|click|tongue|k/, (at, v) => tone(at, 1800, 900, v * 0.7, 0.04, 'triangle')],
];

// hit sounds the drum of a class, now. A level is dB re full scale.
export function hit(cls, place, level) {
  if (!ctx) return;
  const v = Math.min(1, Math.max(0.15, 1 + level / 40)), at = ctx.currentTime;
  const drum = kit.find(([name]) => name.test(cls.toLowerCase()));
  if (drum) drum[1](at, v);
  else tone(at, 300 * 1.2 ** place, 200 * 1.2 ** place, v * 0.8, 0.15, 'triangle');
}
