// Makes a bare clone ready: packages (with the right Node among them), the `mangrove` command, the built console.
// Plain JavaScript without imports from npm, because it runs before anything is installed, on any Node from 18 on.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode } from '../bin/node-24.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.mangrove-setup.json')
const tty = process.stderr.isTTY === true

/** SHA-256 over names and contents of files. */
function hashFiles(files) {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  return hash.digest('hex')
}

function filesBelow(folder, skip) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (skip.has(entry.name)) return []
      const path = join(folder, entry.name)
      return entry.isDirectory() ? filesBelow(path, skip) : entry.isFile() ? [path] : []
    })
}

const readStamp = () => {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'))
  } catch {
    return {}
  }
}
const writeStamp = (stamp) => {
  mkdirSync(modules, { recursive: true })
  writeFileSync(stampFile, JSON.stringify(stamp))
}

/** Packages the lock file wants on this machine, and those that are there already. */
function packageCount() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const fits = (limits, own) => {
    const list = [limits ?? []].flat()
    return list.length === 0 || list.includes(own) || (list[0].startsWith('!') && !list.includes(`!${own}`))
  }
  const wanted = Object.entries(packages)
    .filter(([path, entry]) => path.startsWith('node_modules/') && !entry.link)
    .filter(([, entry]) => fits(entry.os, process.platform) && fits(entry.cpu, process.arch))
    .map(([path]) => path)
  return {
    wanted: wanted.length,
    present: () => wanted.filter((path) => existsSync(join(root, path, 'package.json'))).length,
  }
}

/** Runs one stage: a line while it works, a line when it is done, the end of its log when it fails. */
function stage(title, command, args, options) {
  const began = Date.now()
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`
  const show = () => {
    const line = `  ${title} … ${options.progress?.() ?? ''} ${seconds()}`
    process.stderr.write(tty ? `\r\x1b[K${line}` : `${line}\n`)
  }
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env, shell: options.shell ?? false })
    let log = ''
    const keep = (chunk) => {
      log = (log + chunk).slice(-20_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    show()
    const timer = setInterval(show, tty ? 500 : 15_000)
    child.on('error', (error) => {
      clearInterval(timer)
      reject(error)
    })
    child.on('close', (code) => {
      clearInterval(timer)
      if (tty) process.stderr.write('\r\x1b[K')
      if (code === 0) {
        process.stderr.write(`  ${title}: done in ${seconds()}\n`)
        resolve(undefined)
        return
      }
      process.stderr.write(`  ${title}: failed after ${seconds()}; the end of its log:\n\n`)
      process.stderr.write(`${log.trim().split('\n').slice(-40).join('\n')}\n`)
      reject(new Error(`${title} ended with code ${code}`))
    })
  })
}

async function installPackages() {
  const count = packageCount()
  // npm runs with the Node that started it, not with the one inside node_modules that it is about to replace.
  const npm = process.env.npm_execpath
  const [command, first] = npm ? [process.env.npm_node_execpath ?? process.execPath, [npm]] : ['npm', []]
  // Windows cannot delete the running node.exe, so there the packages are brought up to date in place.
  const verb = process.platform === 'win32' && process.execPath.startsWith(modules) ? 'install' : 'ci'
  const env = { ...process.env, npm_config_loglevel: 'error', npm_config_progress: 'false' }
  await stage('packages from npm', command, [...first, verb, '--no-audit', '--no-fund'], {
    cwd: root,
    env,
    shell: !npm && process.platform === 'win32',
    progress: () => `${count.present()} of ${count.wanted},`,
  })
}

/** `npx mangrove` looks into node_modules/.bin; npm does not link a root package's own command there. */
function linkCommand() {
  const bin = join(modules, '.bin')
  mkdirSync(bin, { recursive: true })
  if (process.platform === 'win32') {
    writeFileSync(join(bin, 'mangrove.cmd'), '@node "%~dp0\\..\\..\\bin\\mangrove.mjs" %*\r\n')
    return
  }
  rmSync(join(bin, 'mangrove'), { force: true })
  symlinkSync('../../bin/mangrove.mjs', join(bin, 'mangrove'))
}

async function setup() {
  const wantedInstall = hashFiles(
    ['package.json', 'package-lock.json', 'web/package.json'].map((file) => join(root, file)),
  )
  let stamp = readStamp()
  if (stamp.install !== wantedInstall) {
    process.stderr.write('Setting up Mangrove\n')
    await installPackages()
    stamp = { install: wantedInstall }
    writeStamp(stamp)
  }
  if (!existsSync(join(modules, '.bin', process.platform === 'win32' ? 'mangrove.cmd' : 'mangrove'))) linkCommand()
  const node = findNode(root)
  if (!node) {
    throw new Error(
      `Mangrove needs Node 24. npm has no Node package for ${process.platform}-${process.arch} here, and the Node that runs now is ${process.version}.\nInstall Node 24 or newer and run the command again.`,
    )
  }
  const web = join(root, 'web')
  const wantedWeb = hashFiles(filesBelow(web, new Set(['dist', 'node_modules', 'coverage'])))
  if (stamp.web !== wantedWeb || !existsSync(join(web, 'dist', 'index.html'))) {
    const vite = [join(modules, 'vite/bin/vite.js'), join(web, 'node_modules/vite/bin/vite.js')].find(existsSync)
    await stage('console', node, [vite, 'build'], { cwd: web, env: process.env })
    writeStamp({ ...stamp, web: wantedWeb })
  }
}

setup().catch((error) => {
  process.stderr.write(`\nSet-up stopped: ${error.message}\n`)
  process.exitCode = 1
})
