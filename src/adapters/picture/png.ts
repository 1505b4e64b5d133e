// An SVG drawing as PNG, for screens and programs that show no SVG.

/**
 * @param svg with `width` and `height` in pixels
 * @param scale pixels of the picture per pixel of the drawing
 */
export async function pngFromSvg(svg: string, scale = 2): Promise<Uint8Array> {
  const {createCanvas, loadImage} = await import('@napi-rs/canvas')
  const image = await loadImage(Buffer.from(svg))
  const canvas = createCanvas(image.width * scale, image.height * scale)
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height)
  return canvas.encode('png')
}
