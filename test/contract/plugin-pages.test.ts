import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

import { parse } from 'yaml'

import { pluginPages } from '../../scripts/generate-plugin-pages.ts'
import { checkConfig } from '../../src/compiler/structure/index.ts'
import { builtins, isObject } from '../../src/domain/index.ts'
import { isNativeMiddleware } from '../../src/runtime/middlewares/index.ts'

const folder = new URL('../../docs/reference/plugins/', import.meta.url)

describe('docs/reference/plugins', () => {
  it('is what the schemas say (npm run generate)', () => {
    const pages = pluginPages()
    assert.deepEqual(readdirSync(folder).toSorted(), [...pages.keys()].toSorted())
    for (const [name, text] of pages) assert.equal(readFileSync(new URL(name, folder), 'utf8'), text, name)
  })

  it('has examples that fit the schemas and read as they are meant', () => {
    for (const { name, type, example } of builtins.values()) {
      if (example === undefined) continue
      assert.deepEqual(checkConfig(name, example), [], name)
      const [, yaml = ''] =
        /```yaml\n(.*?)```/s.exec(readFileSync(new URL(`${name}.md`, folder), 'utf8')) ?? []
      const document: unknown = parse(yaml)
      const key = type === 'middleware' ? 'x-barbacane-middlewares' : 'x-barbacane-dispatch'
      const value: unknown = isObject(document) ? document[key] : undefined
      const use: unknown = Array.isArray(value) ? value[0] : value
      assert.deepEqual(use, { name, config: example })
    }
  })

  it('describes every option of a middleware', () => {
    for (const { name, type, config } of builtins.values()) {
      if (type !== 'middleware' || !isObject(config)) continue
      assert.ok(isNativeMiddleware(name), `${name} is listed, and the gateway does not have it`)
      const properties = config['properties'] as Readonly<Record<string, Record<string, unknown>>>
      for (const [option, schema] of Object.entries(properties)) {
        assert.ok(typeof schema['description'] === 'string', `${name}.${option}`)
      }
    }
  })
})
