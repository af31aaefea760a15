import { write, writeSync } from 'node:fs'

/** Takes lines and never holds anybody up. */
export interface LogSink {
  write(line: string): void
  /** Lines that were dropped because whoever reads them is slow. */
  dropped(): number
  /** Writes what waits, now and in this turn: before the process ends. */
  flush(): void
}

/** Bytes that may wait for a slow reader; lines above are dropped, and the next one that is written says how many. */
const mostWaitingBytes = 1024 * 1024

/** Writes to a file descriptor behind what is done: a reader that stalls costs lines, never the server's turn. */
export function createFileSink(descriptor: number): LogSink {
  let waiting: string[] = []
  let waitingBytes = 0
  let untold = 0
  let dropped = 0
  let writing = false

  const take = (): string => {
    if (untold > 0)
      waiting.push(`${JSON.stringify({ level: 'warn', message: 'log lines were dropped', lines: untold })}\n`)
    untold = 0
    const text = waiting.join('')
    waiting = []
    waitingBytes = 0
    return text
  }
  const send = (bytes: Buffer): void => {
    write(descriptor, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') return void setTimeout(send, 10, bytes).unref()
      // Nobody reads any more: what the log says is said to nobody, and the server goes on.
      if (!error && written < bytes.length) return send(bytes.subarray(written))
      writing = false
      next()
    })
  }
  const next = (): void => {
    if (writing || waiting.length === 0) return
    writing = true
    send(Buffer.from(take()))
  }

  return {
    write(line) {
      if (waitingBytes + line.length > mostWaitingBytes) {
        dropped += 1
        untold += 1
        return
      }
      waiting.push(line)
      waitingBytes += line.length
      setImmediate(next)
    },
    dropped: () => dropped,
    flush() {
      if (waiting.length === 0) return
      try {
        writeSync(descriptor, take())
      } catch {
        // Nobody reads any more.
      }
    },
  }
}
