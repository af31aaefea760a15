#!/usr/bin/env node
// The `mangrove` command. Runs on any Node from 18 on and hands over to Node 24, which `npm run setup` brings.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode, isNewEnough } from './node-24.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const main = join(root, 'src/cli/main.ts')
const compiled = process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules/.cache/compiled')

if (!existsSync(join(root, 'node_modules/typebox'))) {
  process.stderr.write('Mangrove is not set up yet. Run this first, in the folder of the clone:\n\n  npm run setup\n')
  process.exitCode = 1
} else if (isNewEnough()) {
  // What Node makes of the source is kept, so that the next command begins in half the time.
  module.enableCompileCache?.(compiled)
  await import('../src/cli/main.ts')
} else {
  const node = findNode(root)
  if (node) handOver(node)
  else {
    process.stderr.write(
      `Mangrove needs Node 24; this is Node ${process.versions.node}. Run this first:\n\n  npm run setup\n`,
    )
    process.exitCode = 1
  }
}

/** Runs the command in another Node: same terminal, same signals, same exit code. */
function handOver(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
  })
  // A terminal sends Ctrl-C to both processes; the parent only waits for the child's answer.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`Could not start ${node}: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 1)
  })
}
