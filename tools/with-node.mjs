// Runs a script in Node 24 or newer: `node tools/with-node.mjs FILE [ARG...]`. In a bare clone the shell has looked `node` up
// before the packages, and the right Node among them, were there; it would go on with the old one.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode } from '../bin/node-24.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const node = findNode(root)
if (!node) {
  process.stderr.write(`This needs Node 24; this is Node ${process.versions.node}. Run first: npm run setup\n`)
  process.exit(1)
}
const child = spawn(node, process.argv.slice(2), { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  process.stderr.write(`Could not start ${node}: ${error.message}\n`)
  process.exitCode = 1
})
child.on('exit', (code) => {
  process.exitCode = code ?? 1
})
