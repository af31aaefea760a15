import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build, defineConfig, type Plugin, type Rollup } from 'vite'

const server = 'http://127.0.0.1:7420'

/** Compressed once when built, not at every request: the server sends the `.br` or `.gz` beside a file. */
function compressed(): Plugin {
  let folder = ''
  return {
    name: 'compressed',
    apply: 'build',
    configResolved({ root, build: { outDir } }) {
      folder = join(root, outDir)
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
          if (!/\.(m?js|css|html|svg|webmanifest|json)$/.test(name)) continue
          const path = join(folder, name)
          const bytes = readFileSync(path)
          writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
          const params = { [constants.BROTLI_PARAM_QUALITY]: 11 }
          writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }))
        }
      },
    },
  }
}

/** The entry, what it imports, and the styles of these; fonts come when they are used. */
function shellOf(bundle: Rollup.OutputBundle): readonly string[] {
  const found = new Set<string>()
  const visit = (name: string): void => {
    const chunk = bundle[name]
    if (found.has(name) || chunk?.type !== 'chunk') return
    found.add(name)
    for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style)
    for (const next of chunk.imports) visit(next)
  }
  for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk' && chunk.isEntry) visit(chunk.fileName)
  return [...found].map((name) => `/${name}`)
}

/** Builds the service worker into one file beside the page, with the names of all files of this build in it. */
function serviceWorker(): Plugin {
  let folder = ''
  let entry = ''
  let shell: readonly string[] = []
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved({ root, build: { outDir } }) {
      folder = join(root, outDir)
      entry = join(root, 'src/offline/service-worker.ts')
    },
    generateBundle(_options, bundle) {
      shell = shellOf(bundle)
    },
    closeBundle: {
      sequential: true,
      async handler() {
        const all = readdirSync(join(folder, 'assets')).map((name) => `/assets/${name}`)
        const page = readFileSync(join(folder, 'index.html'))
        const version = createHash('sha256').update(page).update(all.join()).digest('hex').slice(0, 16)
        await build({
          configFile: false,
          logLevel: 'warn',
          publicDir: false,
          define: { __builtFiles: JSON.stringify({ version, shell, all }) },
          build: {
            target: 'es2022',
            outDir: folder,
            emptyOutDir: false,
            rollupOptions: { input: entry, output: { format: 'iife', entryFileNames: 'service-worker.js' } },
          },
        })
      },
    },
  }
}

export default defineConfig({
  plugins: [react(), serviceWorker(), compressed()],
  build: { target: 'es2022', sourcemap: false, reportCompressedSize: true },
  server: { proxy: { '/api': { target: server, ws: true }, '/health': server } },
})
