import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { OcppJournal, OcppRecord } from './records.ts'

/**
 * A journal in a file, one record of JSON a line. Appends that come while the disk is busy go with the next write together,
 * so that a thousand stations cost no more syncs than one. A last line that a crash cut is left out, and overwritten.
 */
export async function openFileJournal(file: string): Promise<OcppJournal> {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'a+')
  const whole = await handle.readFile('utf8')
  const end = whole.lastIndexOf('\n') + 1
  const lines = whole.slice(0, end).split('\n').filter(Boolean)
  if (end < whole.length) await handle.truncate(Buffer.byteLength(whole.slice(0, end)))
  let waiting: { text: string; done: (error?: unknown) => void }[] = []
  let writing: Promise<void> | undefined

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      // A turn of the loop later, so that what came in together is written together.
      await new Promise(setImmediate)
      const batch = waiting
      waiting = []
      try {
        await handle.appendFile(batch.map(({ text }) => text).join(''))
        await handle.datasync()
        for (const { done } of batch) done()
      } catch (error) {
        for (const { done } of batch) done(error)
      }
    }
    writing = undefined
  }

  return {
    append(records) {
      if (records.length === 0) return Promise.resolve()
      const text = records.map((record) => `${JSON.stringify(record)}\n`).join('')
      return new Promise((resolve, reject) => {
        waiting.push({ text, done: (error) => (error === undefined ? resolve() : reject(error as Error)) })
        writing ??= write()
      })
    },
    async *read() {
      for (const line of lines.splice(0)) yield JSON.parse(line) as OcppRecord
    },
    async close() {
      await writing
      await handle.close()
    },
  }
}
