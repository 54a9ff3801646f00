import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'

import { barbacane, isolatedEnv } from '../support/binary.ts'
import { debianTools } from '../support/debian-tools.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

const exec = promisify(execFile)
const managers = join(repositoryRoot, 'test/hooks/node_modules')
const howTo = readFileSync(join(repositoryRoot, 'docs/how-to/lint-before-committing.md'), 'utf8')

const template = readFileSync(join(repositoryRoot, 'templates/hooks/pre-commit-config.yaml'), 'utf8')

const good = `openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /a:
    get:
      x-barbacane-dispatch:
        name: mock
      responses: { '200': { description: d } }
`
const bad = good.replace('name: mock', 'name: mok')

interface Repository extends TemporaryFolder {
  readonly run: (program: string, ...args: readonly string[]) => Promise<string>
  /** Stages everything and commits; returns what git and the hooks print, and throws it where they refuse. */
  readonly commit: () => Promise<string>
}

/** A project in a repository, with barbacane in its node_modules, and this Node as the machine's. */
async function repository(files: Readonly<Record<string, string>> = {}): Promise<Repository> {
  const [program, script] = barbacane()
  const folder = await temporaryFolder({
    'work/.gitignore': 'node_modules/\n',
    'work/barbacane.yaml': 'version: 1\n',
    'work/specs/a.yaml': good,
    'work/node_modules/.bin/barbacane': `#!/bin/sh\nexec '${program}' '${script}' "$@"\n`,
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`work/${path}`, text])),
  })
  chmodSync(join(folder.path, 'work/node_modules/.bin/barbacane'), 0o755)
  // pre-commit takes a program in the home of the user for a shim.
  for (const name of ['bin', 'home']) mkdirSync(join(folder.path, name))
  for (const name of ['node', 'nodejs']) symlinkSync(process.execPath, join(folder.path, 'bin', name))
  const outside = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((path) => !path.includes('node_modules'))
  const env = {
    ...isolatedEnv(join(folder.path, 'home')),
    PATH: [join(folder.path, 'bin'), ...outside].join(delimiter),
    PRE_COMMIT_HOME: join(folder.path, 'pre-commit'),
    ...machineEnv(),
  }
  const run = async (name: string, ...args: readonly string[]) => {
    const { stdout, stderr } = await exec(name, args, { cwd: join(folder.path, 'work'), env })
    return stdout + stderr
  }
  await run('git', 'init', '-q')
  const commit = async () => {
    await run('git', 'add', '.')
    return run('git', 'commit', '-m', 'change')
  }
  return { ...folder, run, commit }
}

/** How this machine reaches the npm registry. */
function machineEnv(): Record<string, string> {
  const names = ['NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'NO_PROXY', 'npm_config_registry']
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

/** The block of the how-to below a heading, with the language given. */
function documented(heading: string, language: string): string {
  const section = howTo.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const block = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(section)?.[1]
  assert.ok(block, `${heading} shows no ${language}`)
  return block
}

/** A bad description is refused by the hook, in git's own words and ours; a good one goes in. */
async function guards(repo: Repository): Promise<void> {
  await repo.commit()
  await repo.write({ 'work/specs/a.yaml': bad })
  await assert.rejects(repo.commit(), /specs\/a\.yaml\s+7:15 {2}error {4}The dispatcher `mok` is/)
  assert.equal((await repo.run('git', 'log', '--format=%s')).trim(), 'change')
  await repo.write({ 'work/specs/a.yaml': `${good}# better\n` })
  await repo.commit()
  assert.equal((await repo.run('git', 'log', '--format=%s')).trim(), 'change\nchange')
}

describe('a commit', () => {
  it('is guarded by git alone', async () => {
    await using repo = await repository({ '.git/hooks/pre-commit': documented('git alone', 'sh') })
    chmodSync(join(repo.path, 'work/.git/hooks/pre-commit'), 0o755)
    await guards(repo)
  })

  it('is guarded by lefthook', async () => {
    await using repo = await repository({ 'lefthook.yml': documented('lefthook', 'yaml') })
    await repo.run(process.execPath, join(managers, 'lefthook/bin/index.js'), 'install')
    await guards(repo)
  })

  it('is guarded by husky', async () => {
    await using repo = await repository({ '.husky/pre-commit': documented('husky', 'sh') })
    await repo.run(process.execPath, join(managers, 'husky/bin.js'))
    await guards(repo)
  })
})

describe('a commit under pre-commit', { skip: debianTools('pre-commit') }, () => {
  it('is guarded by the barbacane of the project, which formats too', async () => {
    assert.ok(template.endsWith(documented('pre-commit', 'yaml')))
    await using repo = await repository({ '.pre-commit-config.yaml': template })
    await repo.run('pre-commit', 'install')
    await guards(repo)
    await repo.write({ 'work/barbacane.yaml': 'specs: ./specs/\nversion: 1\n' })
    await assert.rejects(repo.commit(), /barbacane fmt\.+Failed[^]*files were modified by this hook/)
    await repo.commit()
    assert.equal(await repo.run('cat', 'barbacane.yaml'), 'version: 1\nspecs: ./specs/\n')
  })

  it('is guarded by what pre-commit installs from this repository', async () => {
    await using repo = await repository()
    const source = join(repo.path, 'source')
    const listed = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
    const tracked = execFileSync('git', listed, { cwd: repositoryRoot, encoding: 'utf8' }).split('\0')
    for (const path of tracked.filter((name) =>
      /^[^/]+$|^(?:action|bin|docs|examples|schemas|scripts|src|templates)\//.test(name),
    )) {
      mkdirSync(dirname(join(source, path)), { recursive: true })
      cpSync(join(repositoryRoot, path), join(source, path))
    }
    for (const args of [
      ['init', '-q'],
      ['add', '.'],
      ['commit', '-q', '-m', 'source'],
    ])
      await repo.run('git', '-C', source, ...args)
    const rev = (await repo.run('git', '-C', source, 'rev-parse', 'HEAD')).trim()
    const hooks = '[{ id: barbacane-lint }, { id: barbacane-fmt }]'
    await repo.write({
      'work/.pre-commit-config.yaml': `repos:\n  - { repo: ${source}, rev: ${rev}, hooks: ${hooks} }\n`,
    })
    await repo.run('pre-commit', 'install')
    await guards(repo)
  })
})
