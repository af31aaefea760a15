/** How a browser draws in three dimensions: not at all, by its processor alone, or with a graphics card. */
export type DrawingPower = 'none' | 'processor' | 'card'

const processorNames = /swiftshader|llvmpipe|software|basic render/i

let known: DrawingPower | undefined

/** Asked once: the scene needs WebGL 2. */
export function drawingPower(): DrawingPower {
  if (known !== undefined) return known
  const context = document.createElement('canvas').getContext('webgl2')
  if (!context) known = 'none'
  else {
    const names = context.getExtension('WEBGL_debug_renderer_info')
    const name = names ? String(context.getParameter(names.UNMASKED_RENDERER_WEBGL)) : ''
    known = processorNames.test(name) ? 'processor' : 'card'
    context.getExtension('WEBGL_lose_context')?.loseContext()
  }
  return known
}
