import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { temporaryFolder } from '../store.fixture.ts'

/** One second of a store that is offered too much. */
export interface OverloadSecond {
  readonly rssMb: number
  readonly waitingRows: number
  readonly maxWaitingRows: number
  readonly offered: number
  readonly acknowledged: number
  readonly refused: number
  readonly failed: number
}

/** Offers a store more than it can take, in a process of its own. */
export async function overload(
  seconds: number,
  tell: (second: OverloadSecond) => void = () => undefined,
): Promise<readonly OverloadSecond[]> {
  const folder = await temporaryFolder()
  try {
    const script = join(import.meta.dirname, 'overloaded-writer.fixture.ts')
    const child = spawn(process.execPath, [script, folder.path, String(seconds)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    const told: OverloadSecond[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      told.push(JSON.parse(line) as OverloadSecond)
      tell(told.at(-1)!)
    }
    if ((await ended) !== 0) throw new Error('the process that was offered too much broke')
    return told
  } finally {
    await folder.remove()
  }
}
