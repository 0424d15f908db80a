// Runs beside the sound: gathers samples into frames of a tenth of a second, 16-bit, and tells how loud they were.

const FRAME = 1600;

class Frames extends AudioWorkletProcessor {
  constructor() {
    super();
    this.samples = new Int16Array(FRAME);
    this.filled = 0;
    this.peak = 0;
  }

  process([channels]) {
    const input = channels?.[0];
    if (input) for (const sample of input) this.take(sample);
    return true;
  }

  take(sample) {
    this.peak = Math.max(this.peak, Math.abs(sample));
    this.samples[this.filled++] = Math.max(-1, Math.min(1, sample)) * 32767;
    if (this.filled < FRAME) return;
    this.port.postMessage({ sound: this.samples.buffer, peak: this.peak }, [this.samples.buffer]);
    this.samples = new Int16Array(FRAME);
    this.filled = 0;
    this.peak = 0;
  }
}

registerProcessor("frames", Frames);
