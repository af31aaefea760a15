import { readFileSync } from 'node:fs'

interface PackageJson {
  readonly version: string
}

const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')

/** Version of Mangrove, from package.json. */
export const version: string = (JSON.parse(text) as PackageJson).version
