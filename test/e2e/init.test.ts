import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { nextSteps, templateNames, type TemplateName } from '../../src/project/index.ts'
import { runDocument } from '../support/run-document.ts'

/** A path that the gateway answers itself, and part of the answer. */
const probes: Readonly<Record<TemplateName, readonly [string, RegExp]>> = {
  basic: ['/tasks?limit=10', /Read the description/],
  minimal: ['/hello', /"message":"Hello"/],
  bookshop: ['/status', /"status":"open"/],
}

/** What `init` says to do next as a script: the gateway in the background, on the ports that tests replace. */
function script(template: TemplateName, path: string): string {
  const kit = { ci: undefined, hooks: false, deploy: [] }
  const steps = nextSteps({ template, kit, folder: 'my project', toPin: undefined, ignoresPackages: true })
    .filter((step) => !step.startsWith('node '))
    .map((step) =>
      step.startsWith('barbacane serve')
        ? `${step} --listen 127.0.0.1:8080 --admin-bind 127.0.0.1:8081 > /dev/null &`
        : step,
    )
  return [
    `barbacane init 'my project' --template ${template}`,
    ...steps,
    'curl -s -o /dev/null --retry 20 --retry-delay 1 --retry-connrefused http://127.0.0.1:8081/ready',
    `curl -sf 'http://127.0.0.1:8080${path}'`,
  ].join('\n')
}

describe('init', { concurrency: 2 }, () => {
  for (const template of templateNames) {
    it(`writes a ${template} project that serves by the steps it names`, async () => {
      const [path, expected] = probes[template]
      const { exit, output } = await runDocument(`\`\`\`sh run\n${script(template, path)}\n\`\`\`\n`)
      assert.equal(exit, 0, output)
      assert.match(output, expected)
    })
  }
})
