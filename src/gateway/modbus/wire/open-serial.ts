import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import { gatewayErrors } from '../../errors.ts'

export interface SerialLine {
  readonly path: string
  readonly baudRate: number
  readonly parity: 'none' | 'even' | 'odd'
  readonly stopBits: 1 | 2
}

interface SerialPortModule {
  readonly SerialPort: new (
    options: SerialLine & { readonly autoOpen: false; readonly dataBits: 8 },
  ) => Duplex & { open(done: (error: Error | null) => void): void }
}

/**
 * Opens a serial line by the package `serialport`, which `modbus-serial` brings along where it can be built. Not tested on a real
 * line: only a pseudo-terminal was at hand.
 *
 * @throws `gateway.no-link` where the package is absent or the line cannot be opened
 */
export async function openSerial(line: SerialLine): Promise<Duplex> {
  let module: SerialPortModule
  try {
    const here = createRequire(import.meta.url)
    module = createRequire(here.resolve('modbus-serial'))('serialport') as SerialPortModule
  } catch (cause) {
    const detail = 'Serial lines need the package serialport, which is not there'
    throw gatewayErrors.noLink(
      { detail, found: line.path, expected: 'npm install serialport, or a gateway on TCP' },
      { cause },
    )
  }
  const port = new module.SerialPort({ ...line, dataBits: 8, autoOpen: false })
  await new Promise<void>((resolve, reject) => {
    port.open((cause) => {
      if (!cause) resolve()
      else
        reject(
          gatewayErrors.noLink({ detail: `The line cannot be opened: ${cause.message}`, found: line.path }, { cause }),
        )
    })
  })
  return port
}
