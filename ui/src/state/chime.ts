// The sound with which the accept window asks: two short, soft tones. It says "look", nothing more.

const TONES = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.16 },
] as const;
const SECONDS = 0.14;
const LOUDNESS = 0.15;

/** Never fails: without a loudspeaker, or leave to use it, the window itself must be enough. */
export function chime(): void {
  try {
    const audio = new AudioContext();
    const played = TONES.map((tone) => play(audio, tone.hertz, audio.currentTime + tone.at));
    played.at(-1)?.addEventListener('ended', () => void audio.close());
  } catch {
    // No sound here.
  }
}

function play(audio: AudioContext, hertz: number, at: number): OscillatorNode {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(LOUDNESS, at);
  // Fades out, since a tone that stops at once clicks.
  volume.gain.exponentialRampToValueAtTime(0.001, at + SECONDS);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + SECONDS);
  return tone;
}
