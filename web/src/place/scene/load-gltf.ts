import { type Object3D, TextureLoader } from 'three'
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js'
import { packGlb } from '../pack-glb.ts'

/** Reads a document with a glTF model; nothing is fetched for it. @throws where it is none */
export async function loadGltf(document: unknown): Promise<Object3D> {
  const loader = new GLTFLoader()
  loader.register((parser) => {
    // The usual loader of pictures fetches what stands in the model, which the page may not.
    parser.textureLoader = new TextureLoader(parser.options.manager)
    return { name: 'pictures' }
  })
  return (await loader.parseAsync(packGlb(document), '')).scene
}
