import Type from 'typebox'
import { languages, reportFormats, reportMediaTypes } from '../../report/index.ts'
import { ownRun } from '../own-run.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'

/** A page that is looked at in a browser may do nothing: its style is inside, and there is nothing else. */
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"

export const reportRoutes = ({ evidence, executor, stopping }: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/runs/:id/report',
    operationId: 'getRunReport',
    access: 'read',
    site: 'handler',
    tag: 'Runs',
    summary: 'The report of a run as a file: of carbon.account and carbon.park-verdict',
    description:
      'A page (HTML) that fetches nothing, a tagged PDF (PDF/UA), a workbook (XLSX), or the form for machines (JSON), in which each number has all its digits and names its place in the output of the run and the factors that it rests on. The same run gives the same bytes.',
    params: Type.Object({ id: Type.String({ description: '`evidence` of a result' }) }),
    query: Type.Object({
      format: Type.Enum([...reportFormats], { default: 'pdf', description: 'Form of the file' }),
      lang: Type.Enum([...languages], { default: 'en', description: 'Language of the report' }),
    }),
    responses: {
      200: { description: 'The report; of another format: its media type', mediaType: reportMediaTypes.pdf },
    },
    problems: [404, 409, 422, 503],
    handle: async ({ params: { id }, query: { format, lang }, reply, caller }) => {
      const run = await ownRun(evidence, id, caller)
      // Fonts and pages are drawn in a thread for engines: they would hold this one for a second.
      const bytes = await executor.report(
        run.id,
        { format, language: lang },
        { signal: stopping, progress: () => undefined },
      )
      if (format === 'html') reply.header('content-security-policy', pagePolicy)
      const name = `${run.engine.replace(/[^a-z0-9]+/g, '-')}-${run.id.slice(0, 12)}-${lang}.${format}`
      return reply
        .type(reportMediaTypes[format])
        .header('content-disposition', `inline; filename="${name}"`)
        .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    },
  }),
]
