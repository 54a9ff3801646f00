import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Plugin } from 'esbuild'

/**
 * Gives `await import('package')` the names that Node would give it. A bundled CommonJS package has a default export
 * only, because its names are known when it runs; here it is run by the build.
 */
export function namedExports(packages: ReadonlySet<string>): Plugin {
  const namespace = 'named-exports'
  return {
    name: namespace,
    setup: (build) => {
      build.onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
        kind === 'dynamic-import' && packages.has(packageOf(path)) ? { path, namespace } : undefined,
      )
      build.onLoad({ filter: /./, namespace }, async ({ path }) => {
        const found = Object.keys((await import(path)) as object)
        const names = found.filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default')
        const contents = `import module from '${path}'\nexport const { ${names.join(', ')} } = module\nexport default module`
        return { contents, resolveDir: dirname(fileURLToPath(import.meta.resolve(path))) }
      })
    },
  }
}

/** The package that a module is of: `ajv` for `ajv/dist/2020.js`. */
function packageOf(path: string): string {
  return path.split('/', path.startsWith('@') ? 2 : 1).join('/')
}
