// What a browser fetches to show the first page, compressed as the server sends it, before charts are asked for.
import { readFileSync, statSync } from 'node:fs'
import { figure, report } from './report.ts'

const dist = new URL('../web/dist/', import.meta.url)
const html = readFileSync(new URL('index.html', dist), 'utf8')
const files = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, path = '']) => path)
const kilobytes = (ending: string, suffix: string): number =>
  files
    .filter((path) => path.endsWith(ending))
    .reduce((sum, path) => sum + statSync(new URL(path + suffix, dist)).size / 1000, 0)

report('console-size', [
  figure('script of the first load, brotli', { value: kilobytes('.js', '.br'), goal: 200, unit: 'KB' }),
  figure('script of the first load, gzip', { value: kilobytes('.js', '.gz'), goal: 250, unit: 'KB' }),
])
