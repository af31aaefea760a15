import { checkDocument } from './model/check-document.ts'
import type { ReportDocument } from './model/schema.ts'

export const reportFormats = ['html', 'pdf', 'xlsx', 'json'] as const
export type ReportFormat = (typeof reportFormats)[number]

/** Media types of the renderings. */
export const reportMediaTypes: Readonly<Record<ReportFormat, string>> = {
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json; charset=utf-8',
}

/**
 * A document as a file of a format. What draws is read when it is asked for: fonts and page descriptions are large.
 *
 * @throws `report.bad-document`
 */
export async function renderReport(document: unknown, format: ReportFormat): Promise<Buffer> {
  const checked: ReportDocument = checkDocument(document)
  switch (format) {
    case 'json':
      return Buffer.from(`${JSON.stringify(checked, null, 2)}\n`)
    case 'html':
      return Buffer.from((await import('./html/render-html.ts')).renderHtml(checked))
    case 'pdf':
      return (await import('./pdf/render-pdf.ts')).renderPdf(checked)
    case 'xlsx':
      return (await import('./xlsx/render-xlsx.ts')).renderXlsx(checked)
  }
}
