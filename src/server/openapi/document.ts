import type { TSchema } from 'typebox'
import { type DeclaredAccess, declaredAccess } from '../access.ts'
import { ProblemSchema } from '../problem.ts'
import type { Route, RouteExample, RouteResponse } from '../route.ts'
import { examples } from './examples.ts'
import { toJsonSchema } from './schema.ts'

export interface OpenApiInfo {
  readonly title: string
  readonly version: string
  readonly description: string
}

export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  /** Who may call it: `public`, `identified` (any credential), `signed-in` (a person), or a permission at a site. */
  readonly 'x-mangrove-access': DeclaredAccess
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description?: string
  readonly schema: unknown
  readonly example?: string
}

type Content = Readonly<Record<string, { readonly schema?: unknown; readonly example?: unknown }>>

export interface OpenApiDocument {
  readonly openapi: '3.1.1'
  readonly info: OpenApiInfo
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>
    readonly securitySchemes: Readonly<Record<string, unknown>>
  }
}

/** OpenAPI 3.1 of the routes, from the same declarations that serve them. */
export function createOpenApi(routes: readonly Route[], info: OpenApiInfo): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {}
  for (const route of routes) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  return {
    openapi: '3.1.1',
    info,
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: { schemas: { Problem: toJsonSchema(ProblemSchema) }, securitySchemes },
  }
}

function operationOf(route: Route): Operation {
  const body = route.body ?? route.documentedBody
  const example = exampleOf(route)
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    'x-mangrove-access': declaredAccess(route),
    security:
      route.access === 'public'
        ? []
        : route.access === 'signed-in'
          ? [{ session: [] }]
          : [{ session: [] }, { bearer: [] }],
    parameters: [
      ...parametersOf('path', route.params, example?.params),
      ...parametersOf('query', route.query, example?.query),
      ...Object.entries(route.headers ?? {}).map(
        ([name, description]): Parameter => ({
          name,
          in: 'header',
          required: false,
          description,
          schema: { type: 'string' },
          ...exampleIn(example?.headers, name),
        }),
      ),
    ],
    ...(body
      ? {
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: toJsonSchema(body),
                ...(example?.body === undefined ? {} : { example: example.body }),
              },
            },
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.responses).map(([status, response]) => [
          status,
          responseOf(response, example && Number(status) === statusOf(route, example) ? example.answer : undefined),
        ]),
      ),
      ...Object.fromEntries((route.problems ?? []).map((status) => [status, problemResponse])),
      default: problemResponse,
    },
  }
}

const securitySchemes = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'mangrove',
    description: 'Cookie of POST /api/v1/session; `__Host-mangrove` over TLS',
  },
  bearer: { type: 'http', scheme: 'bearer', description: 'A token or the credential of a device: `mgv_…`' },
}

const problemResponse = {
  description: 'Problem details (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

/** What a document shows of an operation: as its route has it, or as {@link examples} do. */
export const exampleOf = ({ example, operationId }: Pick<Route, 'example' | 'operationId'>): RouteExample | undefined =>
  example ?? examples[operationId]

/** Status of the answer to an example. */
export const statusOf = ({ responses }: Pick<Route, 'responses'>, { status }: RouteExample): number =>
  status ?? Number(Object.keys(responses)[0] ?? 200)

const exampleIn = (values: Readonly<Record<string, string>> | undefined, name: string) => {
  const example = values?.[name]
  return example === undefined ? {} : { example }
}

function responseOf(
  { description, schema, mediaType }: RouteResponse,
  example: unknown,
): Operation['responses'][string] {
  if (!schema && mediaType === undefined) return { description }
  return {
    description,
    content: {
      [mediaType ?? 'application/json']: {
        schema: schema ? toJsonSchema(schema) : { type: 'string' },
        ...(example === undefined ? {} : { example }),
      },
    },
  }
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, TSchema & { readonly description?: string }>>
  readonly required?: readonly string[]
}

function parametersOf(
  place: 'path' | 'query',
  schema: TSchema | undefined,
  example?: Readonly<Record<string, string>>,
): readonly Parameter[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schema as ObjectSchema
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(property.description === undefined ? {} : { description: property.description }),
    schema: toJsonSchema(property),
    ...exampleIn(example, name),
  }))
}
