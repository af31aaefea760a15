import { exitCode } from './exit-code.ts'
import { runCommandLine } from './run-command-line.ts'
import { createTerminal } from './terminal.ts'

const interruption = new AbortController()
const terminal = createTerminal(process.stdout, process.stderr)
const args = process.argv.slice(2)
let interrupted = 0
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted += 1
    interruption.abort()
    // The second Ctrl-C does not wait for anything.
    if (interrupted > 1) process.exit(exitCode.interrupted)
  })
}
// `mangrove plan … | head` closes the pipe early; that is no failure. A full disk is one.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCode.ok)
  terminal.error(`The output could not be written: ${error.message}`)
  process.exit(exitCode.noResult)
})
// Nobody reads the messages: the result and the exit code still stand.
process.stderr.on('error', () => undefined)

process.exitCode = await runCommandLine(args, {
  terminal,
  signal: interruption.signal,
  dataFolder: process.env.MANGROVE_DATA || '.mangrove',
})
