// `gs://bucket/prefix` taken apart.

export interface Target {
  readonly bucket: string
  /** Ends in `/`, or is empty. */
  readonly prefix: string
}

/** Bucket names: cloud.google.com/storage/docs/buckets#naming. Null where the text is no target. */
export function parseTarget(text: string): Target | null {
  const match = /^gs:\/\/([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])(?:\/(.*))?$/.exec(text)
  if (match === null) return null
  const prefix = (match[2] ?? '').replace(/^\/+|\/+$/g, '')
  return {bucket: match[1] ?? '', prefix: prefix === '' ? '' : `${prefix}/`}
}
