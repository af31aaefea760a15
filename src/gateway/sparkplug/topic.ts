export const namespace = 'spBv1.0'

/** Messages of edge nodes and of devices behind them (3.0.0, 4.1). */
export const messageKinds = ['NBIRTH', 'NDEATH', 'DBIRTH', 'DDEATH', 'NDATA', 'DDATA'] as const
export type MessageKind = (typeof messageKinds)[number]

export interface SparkplugTopic {
  readonly kind: MessageKind
  readonly node: string
  /** Of messages that begin with D. */
  readonly device: string | undefined
}

/** Reads `spBv1.0/<group>/<kind>/<node>[/<device>]`; undefined for what is none of the group, commands among it. */
export function readTopic(topic: string, group: string): SparkplugTopic | undefined {
  const [space, ofGroup, kind = '', node, device, ...rest] = topic.split('/')
  if (space !== namespace || ofGroup !== group || !node || rest.length > 0) return undefined
  const known = messageKinds.find((one) => one === kind)
  if (known === undefined || known.startsWith('D') !== (device !== undefined && device !== '')) return undefined
  return { kind: known, node, device }
}

export const commandTopic = (group: string, node: string, device: string | undefined): string =>
  device === undefined ? `${namespace}/${group}/NCMD/${node}` : `${namespace}/${group}/DCMD/${node}/${device}`

export const stateTopic = (host: string): string => `${namespace}/STATE/${host}`
