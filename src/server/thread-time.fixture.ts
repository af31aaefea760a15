import { readFileSync } from 'node:fs'

/** Time that this thread has had of a processor, ms: other work of the machine adds nothing to it. */
export const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** How long this thread was ready to run while the machine ran others, ms; 0 where the system does not tell. */
export function waitedMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0
  }
}
