/** What commands print to: results on stdout, all else on stderr, progress only for people. No colours. */
export interface Terminal {
  out(text: string): void
  error(text: string): void
  /** Replaces the progress line; nothing when stderr is not a terminal. */
  progress(fraction: number, message: string): void
  clearProgress(): void
}

export function createTerminal(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Terminal {
  const live = stderr.isTTY === true && process.env.TERM !== 'dumb'
  let shown = false
  const clearProgress = (): void => {
    if (shown) stderr.write('\r\x1b[K')
    shown = false
  }
  return {
    out(text) {
      clearProgress()
      stdout.write(`${text}\n`)
    },
    error(text) {
      clearProgress()
      stderr.write(`${text}\n`)
    },
    progress(fraction, message) {
      if (!live) return
      const cells = Math.round(Math.min(1, Math.max(0, fraction)) * 20)
      stderr.write(`\r\x1b[K${'━'.repeat(cells)}${'╌'.repeat(20 - cells)} ${message}`)
      shown = true
    },
    clearProgress,
  }
}
