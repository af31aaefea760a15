// Everything that `npm test` checks, one stage after the other, and the count of tests as the last line.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const reports = mkdtempSync(join(tmpdir(), 'mangrove-test-'))
const tool = (path) => join(root, 'node_modules', path)

const stages = [
  { title: 'types', args: [tool('typescript/bin/tsc'), '-p', 'tsconfig.json'] },
  { title: 'types of the console', args: [tool('typescript/bin/tsc'), '-p', 'web/tsconfig.json'] },
  {
    title: 'types of the browser tests',
    args: [tool('typescript/bin/tsc'), '-p', 'test/browser/tsconfig.json'],
  },
  { title: 'style', args: [tool('@biomejs/biome/bin/biome'), 'check', '.'] },
  {
    title: 'floors of the house',
    args: [
      tool('dependency-cruiser/bin/dependency-cruise.mjs'),
      ...['--config', '.dependency-cruiser.mjs', '--output-type', 'err'],
      ...['src', 'web/src', 'bench', 'test', 'tools'].filter((folder) => existsSync(join(root, folder))),
    ],
  },
  ...['unit', 'browser'].map((project) => ({
    title: `tests: ${project}`,
    report: join(reports, `${project}.json`),
    live: true,
    args: [
      tool('vitest/vitest.mjs'),
      ...['run', '--project', project, '--reporter', 'default', '--reporter', 'json'],
      `--outputFile.json=${join(reports, `${project}.json`)}`,
    ],
  })),
]

/** Runs a stage; its output is shown as it comes (`live`) or, when it fails, afterwards. */
function run(stage) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, stage.args, { cwd: root, stdio: stage.live ? 'inherit' : 'pipe' })
    let log = ''
    const keep = (chunk) => {
      log += chunk
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.on('error', (error) => resolve({ ok: false, log: error.message }))
    child.on('close', (code) => resolve({ ok: code === 0, log }))
  })
}

/** Counts of one vitest report; a stage that wrote none counts as one failure. */
function countTests(stage, ok) {
  try {
    const report = JSON.parse(readFileSync(stage.report, 'utf8'))
    const failedFiles = report.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    )
    const failed = report.numFailedTests + failedFiles.length
    return {
      passed: report.numPassedTests,
      failed: failed === 0 && !ok ? 1 : failed,
      skipped: report.numPendingTests + report.numTodoTests,
    }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

const sum = { passed: 0, failed: 0, skipped: 0 }
const broken = []
for (const stage of stages) {
  const began = Date.now()
  if (stage.live) process.stdout.write(`${stage.title} …\n`)
  const { ok, log } = await run(stage)
  const seconds = ((Date.now() - began) / 1000).toFixed(1)
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${stage.title} (${seconds} s)\n`)
  if (!ok) broken.push(stage.title)
  if (!ok && log) process.stdout.write(`${log.trimEnd()}\n`)
  if (stage.report) {
    const count = countTests(stage, ok)
    for (const key of Object.keys(sum)) sum[key] += count[key]
  } else if (!ok) sum.failed += 1
}
rmSync(reports, { recursive: true, force: true })
if (broken.length > 0) process.stdout.write(`\nFailed: ${broken.join(', ')}\n`)
process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`)
process.exitCode = broken.length > 0 || sum.failed > 0 ? 1 : 0
