import type { OpenApiDocument, Operation } from './document.ts'

/**
 * The API for readers: one page without script, font or picture from anywhere, so that it opens offline and under the
 * strictest content security policy.
 */
export function renderDocs(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const sections = document.tags.map(({ name }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name))
    return `<section><h2>${escapeHtml(name)}</h2>${own.map(renderOperation).join('')}</section>`
  })
  const menu = operations.map(
    ({ path, method, operation }) =>
      `<li><a href="#${escapeHtml(operation.operationId)}"><b>${method}</b> ${escapeHtml(path)}</a></li>`,
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(document.info.title)}</title><style>${css}</style></head>
<body><nav aria-label="Endpoints"><ul>${menu.join('')}</ul></nav>
<main><h1>${escapeHtml(document.info.title)} <small>${escapeHtml(document.info.version)}</small></h1>
<p>${escapeHtml(document.info.description)}</p>
<p>For machines: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI ${document.openapi})</p>
${sections.join('\n')}</main></body></html>
`
}

function renderOperation(entry: { path: string; method: string; operation: Operation }): string {
  const { path, method, operation } = entry
  const parameters = operation.parameters.map(
    (parameter) =>
      `<tr><th scope="row"><code>${escapeHtml(parameter.name)}</code></th><td>${parameter.in}${parameter.required ? ', required' : ''}</td><td>${escapeHtml(parameter.description ?? '')}${parameter.example === undefined ? '' : ` Example: <code>${escapeHtml(parameter.example)}</code>`}</td></tr>`,
  )
  const responses = Object.entries(operation.responses).map(([status, response]) => {
    const [mediaType, content] = Object.entries(response.content ?? {})[0] ?? []
    return `<li><b>${escapeHtml(status)}</b> ${escapeHtml(response.description)}${mediaType ? ` <code>${escapeHtml(mediaType)}</code>` : ''}${
      content?.schema && status.startsWith('2') ? renderSchema(content.schema) : ''
    }${content?.example === undefined ? '' : renderExample(content.example)}</li>`
  })
  const { schema: body, example } = operation.requestBody?.content['application/json'] ?? {}
  return `<article id="${escapeHtml(operation.operationId)}"><h3><b class="${method}">${method}</b> <code>${escapeHtml(path)}</code></h3>
<p><strong>${escapeHtml(operation.summary)}</strong></p>${operation.description ? `<p>${escapeHtml(operation.description)}</p>` : ''}
${parameters.length > 0 ? `<h4>Parameters</h4><table>${parameters.join('')}</table>` : ''}
${body ? `<h4>Body</h4>${renderSchema(body)}${example === undefined ? '' : renderExample(example)}` : ''}<h4>Answers</h4><ul>${responses.join('')}</ul></article>`
}

const renderSchema = (schema: unknown): string =>
  `<details><summary>JSON Schema</summary><pre tabindex="0">${escapeHtml(JSON.stringify(schema, null, 2))}</pre></details>`

const renderExample = (example: unknown): string =>
  `<details><summary>Example</summary><pre tabindex="0">${escapeHtml(JSON.stringify(example, null, 2))}</pre></details>`

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const css = `
:root{color-scheme:light dark;--line:light-dark(#d5dcd8,#33403a);--soft:light-dark(#f3f6f4,#161d1a);--ink:light-dark(#14211b,#e4ece8);--green:light-dark(#0b6b45,#5fd3a0)}
body{margin:0;display:grid;grid-template-columns:minmax(14rem,22rem) 1fr;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:light-dark(#fff,#0e1412)}
nav{position:sticky;top:0;height:100vh;overflow:auto;border-right:1px solid var(--line);background:var(--soft);font-size:.875rem}
nav ul{list-style:none;margin:0;padding:1rem}nav a{display:block;padding:.2rem 0;color:inherit;text-decoration:none;overflow-wrap:anywhere}nav a:hover,nav a:focus{text-decoration:underline}
main{padding:1.5rem 2rem;max-width:60rem;min-width:0}h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}
article{padding:1rem 0;border-bottom:1px solid var(--line)}h3{margin:.2rem 0;overflow-wrap:anywhere}h3 b,nav b{color:var(--green)}h4{margin:.8rem 0 .2rem}
table{border-collapse:collapse}th,td{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}
pre{overflow:auto;max-height:28rem;padding:1rem;background:var(--soft);font-size:.8125rem}a{color:var(--green)}
@media(max-width:48rem){body{display:block}nav{position:static;height:auto;max-height:40vh}}`
