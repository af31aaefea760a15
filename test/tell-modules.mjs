// Loaded before a program: at its end, it tells which files were loaded as modules, as JSON in the last line of standard error.
import { registerHooks } from 'node:module'

const loaded = new Set()
registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith('file:')) loaded.add(url)
    return nextLoad(url, context)
  },
})
process.on('exit', () => process.stderr.write(`\n${JSON.stringify([...loaded])}\n`))
