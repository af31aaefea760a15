import { describe, expect, it } from 'vitest'
import { exitCode, exitCodeOf } from './exit-code.ts'

describe('exit codes', () => {
  it.each([
    ['cli.unknown-flag', 400, exitCode.usage],
    ['cli.evidence-not-found', 404, exitCode.badInput],
    ['kernel.out-of-range', 422, exitCode.badInput],
    ['store.file-not-found', 404, exitCode.badInput],
    ['store.unreadable', 500, exitCode.noResult],
    ['cli.bug', 500, exitCode.bug],
    ['energy.no-plan', 500, exitCode.noResult],
    ['store.locked', 503, exitCode.noResult],
    ['solve.cancelled', 499, exitCode.interrupted],
    ['energy.broken-certificate', 500, exitCode.bug],
  ])('%s with status %i ends with %i', (code, status, expected) => {
    expect(exitCodeOf(code, status)).toBe(expected)
  })
})
