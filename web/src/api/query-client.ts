import { QueryClient } from '@tanstack/react-query'
import { isPassing } from './client.ts'

/** A question that failed is asked again so often until it is answered. */
const againMs = 5000

/**
 * Answers of the API, by question. What fails and may pass is asked again by itself, so that a page is well again when the server
 * is; what the server refuses is not. Nothing waits for the browser to say that it is online: it does not know the server.
 */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 1 && isPassing(error),
        refetchOnWindowFocus: true,
        refetchInterval: ({ state }) => (state.status === 'error' && isPassing(state.error) ? againMs : false),
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
