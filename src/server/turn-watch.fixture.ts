import { setTimeout as sleep } from 'node:timers/promises'

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Longest turn of this thread's event loop during some work, in time of its processor, ms. */
export async function longestTurnMs(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let before = cpuMs()
  const look = (): void => {
    const now = cpuMs()
    longest = Math.max(longest, now - before)
    before = now
    timer = setTimeout(look, 0)
  }
  let timer = setTimeout(look, 0)
  await work()
  await sleep(5)
  clearTimeout(timer)
  return longest
}
