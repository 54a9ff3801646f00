import { cp } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'

import { barbacane, isolatedEnv } from './binary.ts'
import { runCompositeAction, type ActionRun } from './composite-action.ts'
import type { FakeGithub } from './fake-github.ts'
import { repositoryRoot } from './source-tree.ts'
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts'

export const spec = (dispatcher: string) => `openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /a:
    get:
      x-barbacane-dispatch: { name: ${dispatcher} }
      responses: { '200': { description: d } }
`

/** A package that runs the barbacane of this work tree. */
export const working = `import { spawnSync } from 'node:child_process'
const [program, script] = ${JSON.stringify(barbacane())}
const { status } = spawnSync(program, [script, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exitCode = status ?? 1
`

/** A package that leaves with the code in the file `exit`, and reports what it was called with. */
export const scripted = `import { appendFileSync, readFileSync } from 'node:fs'
if (process.argv[2] === '--version') process.stdout.write('scripted\\n')
else {
  appendFileSync(process.env.GITHUB_STEP_SUMMARY, process.env.REPORT ?? 'as ' + JSON.stringify(process.argv.slice(2)) + '\\n')
  process.exitCode = Number(readFileSync('exit', 'utf8'))
}
`

export const manifest = (version: string) =>
  JSON.stringify({ name: 'barbacane', version, type: 'module' }, null, 2)

export interface ActionJob extends TemporaryFolder {
  readonly workspace: string
  readonly act: (
    inputs: Readonly<Record<string, string>>,
    options?: { readonly env?: Record<string, string>; readonly github?: Record<string, unknown> },
  ) => Promise<ActionRun>
}

/** A job in a project that has this program as its barbacane, with the action checked out beside it. */
export async function actionJob(program: string, github?: FakeGithub): Promise<ActionJob> {
  const folder = await temporaryFolder({
    'shop/package.json': '{ "private": true }',
    'shop/barbacane.yaml': 'version: 1\n',
    'shop/specs/a.yaml': spec('mock'),
    'shop/node_modules/barbacane/package.json': manifest('0.0.1'),
    'shop/node_modules/barbacane/bin/run.js': program,
  })
  for (const part of ['action', 'action.yml', 'package.json'])
    await cp(join(repositoryRoot, part), join(folder.path, 'checkout', part), { recursive: true })
  const workspace = join(folder.path, 'shop')
  const isolated = isolatedEnv(folder.path)
  let runs = 0
  return {
    ...folder,
    workspace,
    act: (inputs, { env = {}, github: context = {} } = {}) =>
      runCompositeAction({
        action: join(folder.path, 'checkout'),
        workspace,
        runner: join(folder.path, `runner-${(runs += 1)}`),
        with: { version: 'project', ...inputs },
        github: { event_name: 'push', token: 'secret', ...context },
        env: {
          ...isolated,
          PATH: `${dirname(process.execPath)}${delimiter}${isolated['PATH']}`,
          ...github?.env,
          ...env,
        },
      }),
  }
}
