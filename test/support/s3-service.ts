// A stand-in for S3 as far as LanceDB uses it: whole and multipart objects, ranges, lists, and writes that shall not replace.
import {createHash} from 'node:crypto'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {onTestFinished} from 'vitest'

export interface S3Service {
  /** What makes LanceDB's client use it. */
  readonly environment: Readonly<Record<string, string>>
  /** Objects by `/bucket/key`. */
  readonly objects: ReadonlyMap<string, Buffer>
}

/** Any bucket is there. Signatures are not checked. */
export async function startS3(): Promise<S3Service> {
  const objects = new Map<string, Buffer>()
  const uploads = new Map<string, Map<number, Buffer>>()
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => answer(request, Buffer.concat(pieces), response))
  })

  function answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const {pathname, searchParams: query} = new URL(request.url ?? '/', 'http://s3')
    const key = decodeURIComponent(pathname)
    const send = (status: number, headers: Record<string, string | number> = {}, content: Buffer | string = '') =>
      response.writeHead(status, headers).end(content)
    const uploadId = query.get('uploadId')
    if (request.method === 'POST' && query.has('uploads')) {
      const id = `upload${uploads.size}`
      uploads.set(id, new Map())
      const xml = `<UploadId>${id}</UploadId>`
      return void send(200, {}, `<InitiateMultipartUploadResult>${xml}</InitiateMultipartUploadResult>`)
    }
    if (request.method === 'POST' && query.has('delete')) {
      const bucket = key.replace(/\/$/, '')
      for (const [, name = ''] of body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)) objects.delete(`${bucket}/${name}`)
      return void send(200, {}, '<DeleteResult/>')
    }
    if (request.method === 'POST' && uploadId !== null) {
      if (request.headers['if-none-match'] === '*' && objects.has(key)) return void send(412)
      const parts = [...(uploads.get(uploadId) ?? [])].sort(([a], [b]) => a - b)
      objects.set(key, Buffer.concat(parts.map(([, part]) => part)))
      const xml = `<ETag>${tagOf(objects.get(key))}</ETag>`
      return void send(200, {}, `<CompleteMultipartUploadResult>${xml}</CompleteMultipartUploadResult>`)
    }
    if (request.method === 'PUT' && uploadId !== null) {
      uploads.get(uploadId)?.set(Number(query.get('partNumber')), body)
      return void send(200, {etag: tagOf(body)})
    }
    if (request.method === 'PUT') {
      if (request.headers['if-none-match'] === '*' && objects.has(key)) return void send(412)
      const from = request.headers['x-amz-copy-source']
      const copied = typeof from === 'string' ? objects.get(`/${decodeURIComponent(from).replace(/^\//, '')}`) : body
      objects.set(key, copied ?? body)
      const xml = `<CopyObjectResult><ETag>${tagOf(objects.get(key))}</ETag></CopyObjectResult>`
      return void send(200, {etag: tagOf(objects.get(key))}, from === undefined ? '' : xml)
    }
    if (request.method === 'DELETE') return void send(objects.delete(key) ? 204 : 204)
    if (query.has('list-type')) return void send(200, {'content-type': 'application/xml'}, list(key, query))
    const object = objects.get(key)
    if (object === undefined) return void send(404, {}, '<Error><Code>NoSuchKey</Code></Error>')
    const headers = {etag: tagOf(object), 'last-modified': new Date(0).toUTCString(), 'accept-ranges': 'bytes'}
    const range = /^bytes=(\d*)-(\d*)$/.exec(String(request.headers.range ?? ''))
    if (range === null)
      return void send(200, {...headers, 'content-length': object.length}, request.method === 'HEAD' ? '' : object)
    const start = range[1] === '' ? Math.max(0, object.length - Number(range[2])) : Number(range[1])
    const end = range[1] === '' || range[2] === '' ? object.length - 1 : Math.min(object.length - 1, Number(range[2]))
    const part = object.subarray(start, end + 1)
    send(
      206,
      {...headers, 'content-length': part.length, 'content-range': `bytes ${start}-${end}/${object.length}`},
      part,
    )
  }

  function list(bucketPath: string, query: URLSearchParams): string {
    const bucket = `${bucketPath.replace(/\/$/, '')}/`
    const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? '']
    const folders = new Set<string>()
    const contents: string[] = []
    for (const [path, object] of [...objects].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const name = path.slice(bucket.length)
      if (!path.startsWith(bucket) || !name.startsWith(prefix)) continue
      const cut = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length)
      if (cut !== -1) folders.add(name.slice(0, cut + 1))
      else
        contents.push(
          `<Contents><Key>${name}</Key><Size>${object.length}</Size><ETag>${tagOf(object)}</ETag>` +
            '<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>',
        )
    }
    const common = [...folders].map((name) => `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`)
    return `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}${common.join('')}</ListBucketResult>`
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const {port} = server.address() as AddressInfo
  return {
    objects,
    environment: {
      AWS_ENDPOINT: `http://127.0.0.1:${port}`,
      AWS_ALLOW_HTTP: 'true',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
  }
}

function tagOf(object: Buffer | undefined): string {
  return `"${createHash('md5')
    .update(object ?? '')
    .digest('hex')}"`
}
