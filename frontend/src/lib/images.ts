/** Photos are made smaller before they travel: old phones, thin networks. */

export const LONGEST = 1600;
const QUALITY = 0.82;

/** The size that fits into `longest`, never enlarged. */
export function fit(width: number, height: number, longest = LONGEST): [number, number] {
  const scale = Math.min(1, longest / Math.max(width, height, 1));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** A JPEG of at most 1600 px; the file itself where the browser cannot, or where it was smaller already. */
export async function shrink(file: File): Promise<File> {
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const [width, height] = fit(image.width, image.height);
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
    image.close();
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    const unchanged = width === image.width && height === image.height;
    if (!blob || (unchanged && file.type === "image/jpeg" && blob.size >= file.size)) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}
