// The microphone: raw samples at the device's own rate, to the program through a WebSocket. What
// the program has not said that it keeps is kept here, and sent again when a connection broke.
import { note } from './core.js';

// What browsers do to speech is no good to a sound of 50 ms.
const RAW = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 };
const PATIENCE = 30; // s without a connection until a take is given up

// listen opens the microphone. The take, if there is one, is kept: {id, person, sound}. It calls
// on.level(peak) often, on.hit(hit, ms) for a hit that the program named so long after the end of
// what it listened to, on.end(error) at the end. It returns {rate, stop}; stop resolves when all is kept.
export async function listen(take, on) {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error('This browser gives no microphone to pages here: open the address that prep printed, with 127.0.0.1.');
  const media = await navigator.mediaDevices.getUserMedia({ audio: RAW }).catch((e) => {
    throw new Error(e.name === 'NotAllowedError' ? 'The browser does not give the microphone: allow it for this page.' : `No microphone: ${e.message}`);
  });
  const track = media.getAudioTracks()[0], is = track.getSettings();
  const refused = Object.keys(RAW).filter((k) => RAW[k] === false && is[k]);
  if (refused.length) note(`The browser does not switch off ${refused.join(', ')}: hits may sound different.`);
  const ctx = new AudioContext(is.sampleRate ? { sampleRate: is.sampleRate } : {});
  await ctx.audioWorklet.addModule('tap.js');
  const m = new Microphone(take && { ...take, device: track.label }, ctx.sampleRate, on);
  const tap = new AudioWorkletNode(ctx, 'tap', { numberOfOutputs: 0 });
  tap.port.onmessage = (e) => m.take(e.data);
  ctx.createMediaStreamSource(media).connect(tap);
  const off = () => { tap.port.onmessage = null; media.getTracks().forEach((t) => t.stop()); ctx.close(); };
  track.onended = () => m.stop();
  m.off = off;
  m.connect();
  return { rate: ctx.sampleRate, stop: () => m.stop() };
}

class Microphone {
  constructor(take, rate, on) {
    Object.assign(this, { what: take, rate, on, chunks: [], first: 0, came: 0, sent: 0, zero: Infinity, ended: false, lost: 0 });
    this.done = new Promise((resolve) => { this.resolve = resolve; });
  }

  // connect opens a stream; the program says from which sample on it wants them.
  connect() {
    const ws = this.ws = new WebSocket(`${location.origin.replace('http', 'ws')}${location.pathname}stream`);
    ws.binaryType = 'arraybuffer';
    ws.onopen = () => ws.send(JSON.stringify({ rate: this.rate, take: this.what || undefined }));
    ws.onmessage = (e) => this.told(JSON.parse(e.data));
    ws.onclose = () => { if (this.ws === ws) this.broken(); };
  }

  told(w) {
    if (w.error) { this.finish(new Error(w.error)); return; }
    if (w.hit) this.heard(w.hit);
    if (w.have != null) {
      if (!this.ready) { this.ready = true; this.lost = 0; this.base = this.what ? w.have : this.came; this.sent = Math.max(this.base, this.first); }
      this.forget(w.have);
      this.flush();
    }
    if (w.end) this.finish();
  }

  // take takes in samples from the microphone.
  take(x) {
    if (this.ended) return;
    this.chunks.push(x);
    this.came += x.length;
    this.zero = Math.min(this.zero, performance.now() - 1000 * this.came / this.rate);
    let peak = 0;
    for (const v of x) peak = Math.max(peak, Math.abs(v));
    this.on.level?.(peak);
    this.flush();
    if (!this.what) this.forget(this.sent);
  }

  flush() {
    if (!this.ready || this.ws.readyState !== WebSocket.OPEN) return;
    let at = this.first;
    for (const x of this.chunks) {
      if (at + x.length > this.sent) this.ws.send(at < this.sent ? x.subarray(this.sent - at) : x);
      at += x.length;
      this.sent = Math.max(this.sent, at);
    }
    if (this.ended && !this.said) { this.said = true; this.ws.send('{"end":true}'); }
  }

  // forget lets go of what is kept.
  forget(have) {
    while (this.chunks.length && this.first + this.chunks[0].length <= have) this.first += this.chunks.shift().length;
  }

  // heard places a hit in the time of the page: a stream that went on counts from where it did.
  heard(h) {
    const end = this.zero + 1000 * (h.end + this.base / this.rate);
    this.on.hit?.(h, performance.now() - end);
  }

  broken() {
    if (this.closed) return;
    this.ready = this.said = false;
    if (this.lost === 0) note('The program cannot be reached. What you record is kept here meanwhile.');
    if (++this.lost > PATIENCE) { this.finish(new Error('The program was not there for half a minute. What it had until then is kept.')); return; }
    setTimeout(() => this.connect(), 1000);
  }

  // stop ends the recording; it resolves when everything is kept.
  stop() {
    if (!this.ended) { this.ended = true; this.off(); this.flush(); }
    return this.done;
  }

  finish(error) {
    if (this.closed) return;
    this.closed = this.ended = true;
    this.off();
    this.ws.close();
    this.on.end?.(error);
    this.resolve(error);
  }
}
