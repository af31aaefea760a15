import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { serverErrors } from './errors.ts'

/** Names under here carry a hash of their content. */
const hashed = /[\\/]assets[\\/][^\\/]+$/

/** Serves the built console, `.br` and `.gz` siblings first; every address that is a page of it gets `index.html`. */
export async function addConsole(app: FastifyInstance, webRoot: string | undefined): Promise<void> {
  const built = webRoot !== undefined && existsSync(join(webRoot, 'index.html'))
  if (built) {
    await app.register(fastifyStatic, {
      root: webRoot,
      // A route for each file that was built: no search through folders at every request.
      wildcard: false,
      preCompressed: true,
      index: 'index.html',
      dotfiles: 'ignore',
      cacheControl: false,
      setHeaders: (reply, path) => {
        const file = path.replace(/\.(br|gz)$/, '')
        reply.header('cache-control', hashed.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  } else {
    app.get('/', (_request, reply) => reply.redirect('/api/docs'))
  }
  app.setNotFoundHandler((request, reply) => {
    if (built && isPage(request)) return reply.sendFile('index.html')
    throw serverErrors.notFound({
      detail: 'No route and no file of this name',
      found: `${request.method} ${pathOf(request)}`,
    })
  })
}

const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? '/'

/** A page of the console: asked for by a browser's navigation, no file and no API. */
function isPage(request: FastifyRequest): boolean {
  const path = pathOf(request)
  const reading = request.method === 'GET' || request.method === 'HEAD'
  return reading && !/^\/(api|assets|health)(\/|$)/.test(path) && !/\.[a-z0-9]{1,8}$/i.test(path)
}
