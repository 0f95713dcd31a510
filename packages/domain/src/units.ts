/** Longest text that the shared buffer takes; a longer one gets a buffer of its own. */
const room = 32_768;
/** Up to this length asking for each character costs less than a call out of JavaScript. */
const short = 40;
/** Made at first use: the console loads this file too, and a browser has no Buffer. */
let shared: ReturnType<typeof newBuffer> | undefined;

/**
 * The UTF-16 units of a text as numbers: walking them costs half of what asking a string for each of its characters does.
 * The buffer may be longer than the text, and the next call writes over it. (Little-endian, as every machine Node runs on here.)
 */
export function unitsOf(text: string): Uint16Array {
  shared ??= newBuffer(room);
  const { bytes, units } = text.length <= room ? shared : newBuffer(text.length);
  if (text.length > short) bytes.write(text, 0, 'utf16le');
  else for (let i = 0; i < text.length; i += 1) units[i] = text.charCodeAt(i);
  return units;
}

function newBuffer(length: number): { bytes: Buffer; units: Uint16Array } {
  const units = new Uint16Array(length);
  return { bytes: Buffer.from(units.buffer), units };
}
