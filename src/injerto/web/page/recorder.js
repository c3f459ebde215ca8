// The microphone to a WAV file: what browsers record by themselves is packed in ways that few programs read.

/** Begin to record. Gives a function that stops and gives the file. */
export async function record() {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  const context = new AudioContext();
  await context.audioWorklet.addModule("/tap.js");
  const tap = new AudioWorkletNode(context, "tap");
  const parts = [];
  tap.port.onmessage = (event) => parts.push(event.data);
  context.createMediaStreamSource(stream).connect(tap);
  return async () => {
    stream.getTracks().forEach((track) => track.stop());
    const rate = context.sampleRate;
    await context.close();
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
    return new File([wav(parts, rate)], `recording ${stamp}.wav`, { type: "audio/wav" });
  };
}

/** Samples from -1 to 1 as 16-bit WAV. */
function wav(parts, rate) {
  const count = parts.reduce((total, part) => total + part.length, 0);
  const view = new DataView(new ArrayBuffer(44 + 2 * count));
  const text = (place, word) => [...word].forEach((letter, at) => view.setUint8(place + at, letter.charCodeAt(0)));
  text(0, "RIFF"); view.setUint32(4, 36 + 2 * count, true); text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
  view.setUint32(24, rate, true); view.setUint32(28, 2 * rate, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
  text(36, "data"); view.setUint32(40, 2 * count, true);
  let place = 44;
  for (const part of parts) {
    for (const sample of part) {
      view.setInt16(place, Math.round(32767 * Math.max(-1, Math.min(1, sample))), true);
      place += 2;
    }
  }
  return view.buffer;
}
