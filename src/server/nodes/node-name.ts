import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { resolve } from 'node:path'

/** A name for this node that is the same after a restart and another for each data folder: `mangrove-<machine>-<eight digits>`. */
export function nodeName(folder: string): string {
  const digest = createHash('sha256')
    .update(`${hostname()}\n${resolve(folder)}`)
    .digest('hex')
  return `mangrove-${hostname().slice(0, 40)}-${digest.slice(0, 8)}`
}
