import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recognise } from './recognise.ts';
import { strip } from './strip.ts';

const segment = (marker: number, body: Buffer | string) => {
  const bytes = Buffer.from(body as string, 'latin1');
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([head, bytes]);
};

/** EXIF with an orientation, a maker and a GPS directory, in either byte order. */
function exif(orientation: number, little: boolean): Buffer {
  const tiff = Buffer.alloc(90);
  const u16 = (value: number, at: number) => (little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at));
  const u32 = (value: number, at: number) => (little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at));
  tiff.write(little ? 'II' : 'MM', 0, 'latin1');
  u16(42, 2);
  u32(8, 4);
  u16(2, 8);
  for (const [i, [tag, type, value]] of [[0x0112, 3, orientation] as const, [0x8825, 4, 40] as const].entries()) {
    const at = 10 + i * 12;
    u16(tag, at);
    u16(type, at + 2);
    u32(1, at + 4);
    if (type === 3) u16(value, at + 8);
    else u32(value, at + 8);
  }
  tiff.write('GPS 37.2,115.0 SECRETCAM', 50, 'latin1');
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
}

const scan = Buffer.from([0xff, 0xda, 0, 4, 1, 2, 0x11, 0xff, 0x00, 0x22, 0xff, 0xd0, 0x33]);
const table = segment(0xdb, 'quantisation');
function jpeg(orientation = 1, little = true): Buffer {
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, 'JFIF\0\u0001\u0002'),
    segment(0xe1, exif(orientation, little).toString('latin1')),
    segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<xmp>GPS</xmp>'),
    segment(0xe2, 'ICC_PROFILE\0colours'),
    segment(0xe2, 'MPF\0GPS'),
    segment(0xed, 'Photoshop 3.0\0GPS'),
    segment(0xfe, 'GPS comment'),
    table,
    scan,
    segment(0xc4, 'huffman'),
    scan,
    Buffer.from([0xff, 0xd9]),
    Buffer.from('GPS of the film behind the picture', 'latin1'),
  ]);
}

describe('strip a JPEG', () => {
  it('keeps the picture and its colours, and nothing that tells where it was taken', () => {
    const clean = strip(jpeg(), 'image/jpeg');
    expect(clean?.toString('latin1')).not.toMatch(/GPS|SECRETCAM|xmp|Exif/u);
    expect(clean).toEqual(
      Buffer.concat([
        ...[Buffer.from([0xff, 0xd8]), segment(0xe0, 'JFIF\0\u0001\u0002'), segment(0xe2, 'ICC_PROFILE\0colours'), table, scan],
        ...[segment(0xc4, 'huffman'), scan, Buffer.from([0xff, 0xd9])],
      ]),
    );
  });

  it.each([
    [6, true],
    [8, false],
  ])('keeps how it is to be turned: %i', (orientation, little) => {
    const clean = strip(jpeg(orientation, little), 'image/jpeg');
    expect(clean?.toString('latin1')).not.toMatch(/GPS|SECRETCAM/u);
    // What is left of the EXIF is itself read for its orientation, and nothing else is in it.
    expect(clean?.subarray(2, 4)).toEqual(Buffer.from([0xff, 0xe1]));
    expect(clean && strip(clean, 'image/jpeg')).toEqual(clean);
  });

  it('refuses one that is cut off', () => {
    const whole = jpeg();
    const end = whole.indexOf(Buffer.from([0xff, 0xd9]));
    for (let length = 3; length < end; length += 7) expect(strip(whole.subarray(0, length), 'image/jpeg')).toBeNull();
  });
});

const chunk = (type: string, body: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, Buffer.from(`${type}${body}CRC0`, 'latin1')]);
};
const pngHead = Buffer.from('89504e470d0a1a0a', 'hex');

it('strips a PNG of texts and EXIF', () => {
  const png = Buffer.concat([
    pngHead,
    chunk('IHDR', 'head'),
    chunk('eXIf', 'GPS'),
    chunk('tEXt', 'GPS'),
    chunk('IDAT', 'data'),
    chunk('IEND', ''),
    Buffer.from('GPS'),
  ]);
  expect(strip(png, 'image/png')).toEqual(Buffer.concat([pngHead, chunk('IHDR', 'head'), chunk('IDAT', 'data'), chunk('IEND', '')]));
  expect(strip(png.subarray(0, 60), 'image/png')).toBeNull();
});

it('strips a WebP of EXIF and XMP, and unsets their flags', () => {
  const riff = (type: string, body: Buffer) => {
    const head = Buffer.from(`${type}....`, 'latin1');
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
  };
  const file = (...chunks: Buffer[]) => {
    const body = Buffer.concat(chunks);
    const head = Buffer.from('RIFF....WEBP', 'latin1');
    head.writeUInt32LE(body.length + 4, 4);
    return Buffer.concat([head, body]);
  };
  const flags = (value: number) => riff('VP8X', Buffer.from([value, 0, 0, 0, 1, 0, 0, 1, 0, 0]));
  const data = riff('VP8 ', Buffer.from('abc'));
  const webp = file(flags(0x1c), data, riff('EXIF', Buffer.from('GPS')), riff('XMP ', Buffer.from('GPS!')));
  expect(strip(webp, 'image/webp')).toEqual(file(flags(0x10), data));
});

it('blanks the boxes of an MP4 that tell the place, and moves nothing', () => {
  const box = (type: string, ...inside: Buffer[]) => {
    const body = Buffer.concat(inside);
    const head = Buffer.from(`....${type}`, 'latin1');
    head.writeUInt32BE(body.length + 8);
    return Buffer.concat([head, body]);
  };
  const film = (user: Buffer, inTrack: Buffer) =>
    Buffer.concat([
      box('ftyp', Buffer.from('isom0000')),
      box('moov', box('mvhd', Buffer.from('head')), user, box('trak', inTrack)),
      box('mdat', Buffer.from('film')),
    ]);
  const clean = strip(film(box('udta', Buffer.from('+37.2+115.0/')), box('meta', Buffer.from('+37.2'))), 'video/mp4');
  expect(clean).toEqual(film(box('free', Buffer.alloc(12)), box('free', Buffer.alloc(5))));
  expect(strip(Buffer.from('00000fff6d6f6f76', 'hex'), 'video/mp4')).toBeNull();
});

describe('recognise', () => {
  it.each([
    [jpeg(), 'image/jpeg'],
    [Buffer.concat([pngHead, Buffer.from('....')]), 'image/png'],
    [Buffer.from('RIFF1234WEBPVP8 '), 'image/webp'],
    [Buffer.from('%PDF-1.7 ......'), 'application/pdf'],
    [Buffer.from('\0\0\0\u0020ftypmp42....', 'latin1'), 'video/mp4'],
    [Buffer.from('\0\0\0\u0020ftypheic....', 'latin1'), null],
    [Buffer.from('MZ..............'), null],
    [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg">'), null],
    [Buffer.from('PK\u0003\u0004............'), null],
    [Buffer.alloc(0), null],
  ])('%#', (bytes, type) => expect(recognise(bytes)).toBe(type));
});

it('never throws and never grows a file, whatever it is', () => {
  const torn = fc.tuple(fc.constantFrom(jpeg(6), jpeg()), fc.nat(400), fc.nat(255)).map(([bytes, at, byte]) => {
    const copy = Buffer.from(bytes);
    copy[at % copy.length] = byte;
    return copy;
  });
  const noise = fc.uint8Array({ minLength: 12, maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.oneof(torn, noise), fc.constantFrom('image/jpeg', 'image/png', 'image/webp', 'video/mp4'), (bytes, type) => {
      const clean = strip(bytes, type as 'image/jpeg');
      if (clean !== null) expect(clean.length).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 3_000 },
  );
});
