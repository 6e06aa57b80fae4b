// An AudioWorklet that hands on what a microphone gives, 256 samples at a time, as it is.
class Tap extends AudioWorkletProcessor {
  constructor() {
    super();
    this.samples = new Float32Array(256);
    this.filled = 0;
  }

  process([channels]) {
    if (!channels.length) return true;
    const x = channels[0];
    this.samples.set(x, this.filled);
    this.filled += x.length;
    if (this.filled === this.samples.length) {
      this.port.postMessage(this.samples, [this.samples.buffer]);
      this.samples = new Float32Array(256);
      this.filled = 0;
    }
    return true;
  }
}
registerProcessor('tap', Tap);
