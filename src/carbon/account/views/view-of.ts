import { ghgProtocolView } from './ghg-protocol.ts'
import { gpcView } from './gpc.ts'
import { isoView } from './iso-14064.ts'
import type { Line } from './lines.ts'
import type { GpcSettings, View, ViewName } from './schema.ts'

/** The lines of an inventory as a standard sorts them. @throws `carbon.bad-activity` for a code that contradicts its row */
export function viewOf(name: ViewName, lines: readonly Line[], gpc: GpcSettings): View {
  switch (name) {
    case 'ghg-protocol':
      return ghgProtocolView(lines)
    case 'iso-14064-1':
      return isoView(lines)
    case 'gpc':
      return gpcView(lines, gpc)
  }
}
