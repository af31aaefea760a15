/** A node id as text: `ns=2;s=Battery.Power`, `i=2258`, `nsu=http://maker.example/plc;s=Power`. */
export interface NodeIdText {
  /** Address of the namespace, which stays the same where its number does not; undefined: `rest` has the number. */
  readonly namespaceUri: string | undefined
  /** What the library reads, or what follows `ns=<number>;`. */
  readonly rest: string
}

const identifier =
  /^(i=\d{1,10}|s=[^\p{Cc}]{1,1000}|g=[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|b=[A-Za-z\d+/]{1,1000}={0,2})$/iu

/** Reads a node id (OPC UA part 6, 5.3.1.10); undefined for what is none. */
export function readNodeId(text: string): NodeIdText | undefined {
  const [, uri, rest = ''] = /^nsu=([^;]{1,1000});(.*)$/su.exec(text) ?? [undefined, undefined, text]
  if (uri !== undefined) return identifier.test(rest) ? { namespaceUri: uri, rest } : undefined
  const [, number, own = ''] = /^(?:ns=(\d{1,5});)?(.*)$/su.exec(rest) ?? []
  if (!identifier.test(own) || Number(number ?? 0) > 65_535) return undefined
  const letter = own[0]!.toLowerCase()
  if (letter === 'i' && Number(own.slice(2)) > 4_294_967_295) return undefined
  return { namespaceUri: undefined, rest }
}

/** The node id with the number of its namespace; undefined where the server has no such namespace. */
export function numberedNodeId({ namespaceUri, rest }: NodeIdText, namespaces: readonly string[]): string | undefined {
  if (namespaceUri === undefined) return rest
  const number = namespaces.indexOf(namespaceUri)
  return number < 0 ? undefined : `ns=${number};${rest}`
}
