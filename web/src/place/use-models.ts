import { useQueries } from '@tanstack/react-query'
import type { Object3D } from 'three'
import { ask } from '../api/client.ts'
import type { CityModel } from './city-json.ts'
import type { DrawnPlace, PlacedModel } from './place-types.ts'

/** A model of the place as it is drawn: one of the two, unless it could not be read. */
export interface LoadedModel {
  readonly id: string
  readonly model: PlacedModel
  readonly city?: CityModel
  readonly object?: Object3D
}

export interface Models {
  readonly loaded: readonly LoadedModel[]
  readonly failed: readonly { readonly title: string; readonly error: unknown }[]
  readonly waiting: boolean
}

async function load(site: string, id: string, model: PlacedModel, signal: AbortSignal): Promise<LoadedModel> {
  const path = `/api/v1/sites/${encodeURIComponent(site)}/documents/${encodeURIComponent(model.document)}`
  const { content } = await ask<{ readonly content: unknown }>(path, { signal })
  if (model.format === 'cityjson') {
    const { readCityJson } = await import('./city-json.ts')
    return { id, model, city: readCityJson(content) }
  }
  const { loadGltf } = await import('./scene/load-gltf.ts')
  return { id, model, object: await loadGltf(content) }
}

/** The models that the site file names, from the documents of the site. */
export function useModels(site: string, { models }: DrawnPlace): Models {
  return useQueries({
    queries: Object.entries(models).map(([id, model]) => ({
      queryKey: ['place-model', site, id, model],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => load(site, id, model, signal),
      staleTime: Number.POSITIVE_INFINITY,
      // What is wrong with a document is wrong with it again.
      retry: false,
    })),
    combine: (results) => ({
      loaded: results.flatMap(({ data }) => (data ? [data] : [])),
      failed: results.flatMap(({ error }, index) => {
        const [id, model] = Object.entries(models)[index] ?? []
        return error ? [{ title: model?.title ?? id ?? '', error }] : []
      }),
      waiting: results.some(({ isPending }) => isPending),
    }),
  })
}
