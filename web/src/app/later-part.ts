import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { bringWords } from '../words/words.ts'

/** A part of the frame that comes, with its words, when it is first shown. */
export const laterPart = <Props>(
  bring: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> =>
  lazy(async () => {
    const [part] = await Promise.all([bring(), bringWords('shell')])
    return { default: part }
  })
