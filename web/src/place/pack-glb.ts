/** What is wrong with a document that should be glTF. */
export class GltfError extends Error {
  constructor(detail: string, path: string, expected: string) {
    super(`${detail} (${path}); expected: ${expected}`)
    this.name = 'GltfError'
  }
}

interface Buffer {
  readonly uri?: string
  readonly byteLength?: number
}

interface View {
  readonly buffer?: number
  readonly byteOffset?: number
}

interface Gltf {
  readonly asset?: { readonly version?: string }
  readonly buffers?: readonly Buffer[]
  readonly bufferViews?: readonly View[]
  readonly images?: readonly { readonly uri?: string }[]
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function bytesOf(base64: string, path: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  } catch {
    throw new GltfError('This is no base64', path, 'bytes in base64')
  }
}

function bufferBytes({ uri }: Buffer, index: number): Uint8Array {
  const path = `buffers.${index}.uri`
  const found = /^data:[^,]*;base64,(.*)$/s.exec(uri ?? '')
  if (!found) throw new GltfError('A model brings its buffers with it', path, 'a data: address with base64')
  return bytesOf(found[1] ?? '', path)
}

const fourBytes = (length: number): number => (length + 3) & ~3

/**
 * A document with a glTF model as one binary (glTF 2.0, section 4): `{ "glb": "<base64>" }`, or glTF with its buffers as `data:`
 * addresses, which are put together. Nothing is fetched.
 *
 * @throws {@link GltfError}
 */
export function packGlb(document: unknown): ArrayBuffer {
  if (!isObject(document)) throw new GltfError('This is no glTF', 'the document', 'an object')
  if (typeof document.glb === 'string') {
    const bytes = bytesOf(document.glb, 'glb')
    if (bytes.length < 20 || new TextDecoder().decode(bytes.subarray(0, 4)) !== 'glTF') {
      throw new GltfError('This is no GLB', 'glb', 'bytes that begin with "glTF"')
    }
    return bytes.buffer as ArrayBuffer
  }
  const gltf = document as Gltf
  if (!String(gltf.asset?.version).startsWith('2.')) {
    throw new GltfError('This is no glTF of version 2', 'asset.version', '"2.0"')
  }
  gltf.images?.forEach(({ uri }, index) => {
    if (uri !== undefined && !uri.startsWith('data:image/')) {
      throw new GltfError('A model brings its pictures with it', `images.${index}.uri`, 'a data: address of a picture')
    }
  })
  const buffers = (gltf.buffers ?? []).map(bufferBytes)
  const starts: number[] = []
  let length = 0
  for (const { length: own } of buffers) {
    starts.push(length)
    length = fourBytes(length + own)
  }
  const merged = {
    ...gltf,
    ...(buffers.length === 0 ? {} : { buffers: [{ byteLength: length }] }),
    bufferViews: gltf.bufferViews?.map((view, index) => {
      const start = starts[view.buffer ?? 0]
      if (start === undefined)
        throw new GltfError('There is no such buffer', `bufferViews.${index}.buffer`, 'a number of a buffer')
      return { ...view, buffer: 0, byteOffset: start + (view.byteOffset ?? 0) }
    }),
  }
  const json = new TextEncoder().encode(JSON.stringify(merged))
  const jsonLength = fourBytes(json.length)
  const total = 12 + 8 + jsonLength + (length > 0 ? 8 + length : 0)
  const bytes = new Uint8Array(total)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x46546c67, true)
  view.setUint32(4, 2, true)
  view.setUint32(8, total, true)
  view.setUint32(12, jsonLength, true)
  view.setUint32(16, 0x4e4f534a, true)
  bytes.fill(0x20, 20, 20 + jsonLength)
  bytes.set(json, 20)
  if (length > 0) {
    const at = 20 + jsonLength
    view.setUint32(at, length, true)
    view.setUint32(at + 4, 0x004e4942, true)
    buffers.forEach((own, index) => {
      bytes.set(own, at + 8 + starts[index]!)
    })
  }
  return bytes.buffer
}
