import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { parse } from 'yaml'

import { lintProject } from '../../src/compiler/lint/index.ts'
import { readTemplate, templateNames } from '../../src/project/index.ts'
import { repositoryRoot } from '../support/source-tree.ts'

const projects = globSync(['examples/*/barbacane.yaml', 'templates/*/barbacane.yaml'], {
  cwd: repositoryRoot,
}).map((path) => path.slice(0, -'/barbacane.yaml'.length))

const bookshop = join(repositoryRoot, 'examples/bookshop/specs')

function bookshopText(): string {
  return globSync('**/*.yaml', { cwd: bookshop })
    .map((path) => readFileSync(join(bookshop, path), 'utf8'))
    .join('\n')
}

describe('examples and templates', () => {
  for (const project of projects) {
    const root = join(repositoryRoot, project)
    const manifest = readFileSync(join(root, 'barbacane.yaml'), 'utf8')

    it(`${project} tells editors which schema its project file has`, () => {
      const schema = /^# yaml-language-server: \$schema=(\S+)\n/.exec(manifest)?.[1]
      assert.ok(schema !== undefined && existsSync(join(root, schema)), schema)
    })

    it(`${project} has no findings`, async () => {
      const { specs } = parse(manifest) as { specs: string | readonly string[] }
      const paths = typeof specs === 'string' ? globSync(`${specs}*.yaml`, { cwd: root }) : specs
      assert.ok(paths.length > 0)
      const context = { root, plugins: new Set<string>(), allowPlaintext: true }
      const { findings } = await lintProject(paths, context)
      assert.deepEqual(findings, [])
    })
  }

  it('show in the bookshop what a real description has', () => {
    const text = bookshopText()
    const operations = text.match(/operationId:/g)?.length ?? 0
    assert.ok(operations >= 25 && operations <= 40, `${operations} operations`)
    const features = [
      /\$ref: paths\/\w+\.yaml#/,
      /\$ref: \.\.\/components\/parameters\.yaml#/,
      /style: deepObject/,
      /style: pipeDelimited/,
      /explode: false/,
      /in: header/,
      /in: cookie/,
      /application\/x-www-form-urlencoded:/,
      /discriminator:/,
      /name: http-upstream/,
      /name: mock/,
      /\{file\+\}/,
      /x-sunset:/,
    ]
    for (const feature of features) assert.match(text, feature)
    assert.match(text, /^Category:[^]*?\$ref: '#\/Category'/m, 'a schema that refers to itself')
  })
})

describe('readTemplate', () => {
  for (const name of templateNames) {
    it(`gives ${name} everything that a project needs, with a schema it can find`, async () => {
      const template = await readTemplate(repositoryRoot, name)
      const paths = [...template.keys()]
      for (const path of ['.gitattributes', '.gitignore', 'README.md', 'barbacane.yaml'])
        assert.ok(paths.includes(path), path)
      const schema = /\$schema=(\S+)/.exec(String(template.get('barbacane.yaml')))?.[1] ?? ''
      assert.ok(paths.includes(schema), schema)
      assert.ok(JSON.parse(String(template.get(schema))))
    })
  }

  it('takes everything that is published with the package', () => {
    const { files } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
      files: string[]
    }
    for (const folder of ['templates', 'examples/bookshop', 'schemas'])
      assert.ok(files.includes(folder), folder)
  })
})
