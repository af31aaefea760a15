// Runs every bench, one after the other, each in a process of its own.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

const parts = new Set(['run.ts', 'report.ts', 'park.ts'])
for (const file of readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !parts.has(name))) {
  process.stdout.write(`\n── ${file}\n`)
  const { status } = spawnSync(process.execPath, [`${import.meta.dirname}/${file}`], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
