import { quality } from '../../kernel/index.ts'
import type { FieldReading } from '../field-protocol.ts'
import type { MetricPoint, PointOfMetric } from './metric-points.ts'
import { type Metric, type Payload, signed } from './payload.ts'
import type { SparkplugTopic } from './topic.ts'

/** What a birth told of a metric. */
interface Born {
  readonly name: string
  readonly type: number | undefined
}

/** A node, or a device behind one. */
interface Part {
  readonly names: Map<string, Born>
  alive: boolean
}

interface EdgeNode extends Part {
  readonly devices: Map<string, Part>
  readonly aliases: Map<number, Born>
  seq: number | undefined
  bdSeq: number | undefined
  /** Points that have a value now: a death makes a gap of each. */
  readonly speaking: Map<string, MetricPoint>
}

/** What follows from a message. */
export interface Heard {
  readonly readings: readonly FieldReading[]
  /** The node has to tell everything anew: it is not known, or something was lost. */
  readonly rebirth: boolean
  /** Metrics that could not be named or are no numbers. */
  readonly skipped: number
}

const mostNodes = 10_000
/** A clock of a node that is further ahead is wrong, and not believed. */
const aheadMs = 300_000
const earliestMs = Date.UTC(2000, 0, 1)
const nothing: Heard = { readings: [], rebirth: false, skipped: 0 }
const newPart = (): Part => ({ names: new Map(), alive: false })

/**
 * What a host knows of the edge nodes of a group: the fold of their messages (Sparkplug 3.0.0, 5 and 6.4). A sequence number that
 * does not follow, and data of whoever was not born, ask for a rebirth; what can be named is kept all the same.
 */
export function createEdgeNodes(pointOf: PointOfMetric) {
  const nodes = new Map<string, EdgeNode>()

  const gaps = (node: EdgeNode, isGone: (point: MetricPoint) => boolean, nowMs: number): readonly FieldReading[] => {
    const gone = [...node.speaking.values()].filter(isGone)
    for (const { ref } of gone) node.speaking.delete(ref)
    return gone.map(({ ref, unit }) => ({
      ...{ ref, unit, timestampMs: nowMs, value: Number.NaN, quality: quality.missing },
    }))
  }
  const bear = (node: EdgeNode, part: Part, metrics: readonly Metric[]): void => {
    part.names.clear()
    part.alive = true
    for (const { name, alias, type } of metrics) {
      if (name === undefined) continue
      const born = { name, type }
      part.names.set(name, born)
      if (alias !== undefined) node.aliases.set(alias, born)
    }
  }
  const read = (
    node: EdgeNode,
    part: Part,
    { node: id, device }: SparkplugTopic,
    payload: Payload,
    nowMs: number,
  ): Heard => {
    const readings: FieldReading[] = []
    let skipped = 0
    let unnamed = false
    for (const metric of payload.metrics) {
      const born = metric.name === undefined ? node.aliases.get(metric.alias ?? -1) : part.names.get(metric.name)
      if (!born) unnamed = true
      const point = born && pointOf(id, device, born.name)
      if (!born || !point) continue
      if (metric.value === undefined) {
        skipped += 1
        continue
      }
      const value = signed(metric.value, metric.type ?? born.type) * point.scale + point.offset
      const isMissing = !Number.isFinite(value)
      const timestampMs = timeOf(metric, payload, nowMs)
      // Values of before say nothing of what is now.
      if (!metric.historical) {
        if (isMissing) node.speaking.delete(point.ref)
        else node.speaking.set(point.ref, point)
      }
      readings.push({
        ...{ ref: point.ref, unit: point.unit, timestampMs, value: isMissing ? Number.NaN : value },
        quality: isMissing ? quality.missing : quality.good,
      })
    }
    return { readings, rebirth: unnamed, skipped: skipped + Number(unnamed) }
  }
  /** Whether the number follows the one before (tck-id-payloads-sequence-num-incrementing). */
  const follows = (node: EdgeNode, seq: number | undefined): boolean => {
    const expected = node.seq === undefined ? undefined : (node.seq + 1) % 256
    node.seq = seq
    return expected !== undefined && seq === expected
  }
  const take = (topic: SparkplugTopic, payload: Payload, nowMs: number): Heard => {
    const { kind, device } = topic
    let node = nodes.get(topic.node)
    if (kind === 'NBIRTH') {
      if (!node && nodes.size >= mostNodes) return nothing
      const before = node
      node = {
        ...newPart(),
        devices: new Map(),
        aliases: new Map(),
        seq: payload.seq,
        bdSeq: undefined,
        speaking: new Map(),
      }
      nodes.set(topic.node, node)
      node.bdSeq = payload.metrics.find(({ name }) => name === 'bdSeq')?.value
      bear(node, node, payload.metrics)
      const heard = read(node, node, topic, payload, nowMs)
      // What spoke before and is not born again is gone, devices among it until they are.
      const born = node
      const gone = before
        ? gaps(before, ({ ref, device: of }) => of === undefined && !born.speaking.has(ref), nowMs)
        : []
      for (const point of before?.speaking.values() ?? [])
        if (point.device !== undefined) born.speaking.set(point.ref, point)
      return { ...heard, readings: [...heard.readings, ...gone] }
    }
    if (kind === 'NDEATH') {
      const bdSeq = payload.metrics.find(({ name }) => name === 'bdSeq')?.value
      // A will of a connection before the one that lives (tck-id-payloads-ndeath-bdseq).
      if (!node?.alive || bdSeq !== node.bdSeq) return nothing
      node.alive = false
      for (const part of node.devices.values()) part.alive = false
      return { ...nothing, readings: gaps(node, () => true, nowMs) }
    }
    if (!node?.alive) return { ...nothing, rebirth: true }
    const inOrder = follows(node, payload.seq)
    if (device === undefined) {
      const heard = read(node, node, topic, payload, nowMs)
      return { ...heard, rebirth: heard.rebirth || !inOrder }
    }
    const part = node.devices.get(device) ?? newPart()
    node.devices.set(device, part)
    if (kind === 'DDEATH') {
      part.alive = false
      return { ...nothing, readings: gaps(node, (point) => point.device === device, nowMs), rebirth: !inOrder }
    }
    if (kind === 'DBIRTH') bear(node, part, payload.metrics)
    else if (!part.alive) return { ...nothing, rebirth: true }
    const heard = read(node, part, topic, payload, nowMs)
    return { ...heard, rebirth: heard.rebirth || !inOrder }
  }
  return {
    take,
    /** The link to the broker broke: nothing is known of anybody, and each point that spoke has a gap. */
    lost(nowMs: number): readonly FieldReading[] {
      const readings = [...nodes.values()].flatMap((node) => gaps(node, () => true, nowMs))
      nodes.clear()
      return readings
    },
    /** Type that the birth told; undefined where the metric is not there now. */
    typeOf({ node: id, device, metric }: MetricPoint): { readonly type: number | undefined } | undefined {
      const node = nodes.get(id)
      const part = device === undefined ? node : node?.devices.get(device)
      return part?.alive ? part.names.get(metric) : undefined
    },
  }
}

/** The metric's own time, else that of its payload; that of now where neither can be believed. */
function timeOf(metric: Metric, payload: Payload, nowMs: number): number {
  const told = metric.timestampMs ?? payload.timestampMs
  return told !== undefined && told >= earliestMs && told <= nowMs + aheadMs ? told : nowMs
}
