/** Pictures up to this size are sent as they are. */
const smallBytes = 600_000;
const longestSide = 2_000;

/**
 * A photograph small enough for a slow link: at most 2,000 pixels wide or high, JPEG. What cannot be drawn, or does not get
 * smaller, stays as it is.
 */
export async function shrink(file: Blob): Promise<Blob> {
  if (!/^image\/(?:jpeg|png|webp)$/u.test(file.type) || file.size <= smallBytes) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.82));
    return small !== null && small.size < file.size ? small : file;
  } catch {
    return file;
  }
}
