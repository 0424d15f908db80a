// Runs on the audio thread: collects samples into 16-bit frames of a tenth of a second and reports their peak.

const SAMPLES_A_FRAME = 1600;

class Frames extends AudioWorkletProcessor {
  constructor() {
    super();
    this.reset();
  }

  reset() {
    this.samples = new Int16Array(SAMPLES_A_FRAME);
    this.filled = 0;
    this.peak = 0;
  }

  process([channels]) {
    const input = channels?.[0];
    if (input) for (const sample of input) this.add(sample);
    return true;
  }

  add(sample) {
    this.peak = Math.max(this.peak, Math.abs(sample));
    this.samples[this.filled++] = Math.max(-1, Math.min(1, sample)) * 32767;
    if (this.filled < SAMPLES_A_FRAME) return;
    this.port.postMessage({ audio: this.samples.buffer, peak: this.peak }, [this.samples.buffer]);
    this.reset();
  }
}

registerProcessor("frames", Frames);
