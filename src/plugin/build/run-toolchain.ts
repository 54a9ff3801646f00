import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ifFound } from '../../domain/index.ts'
import type { PluginProject } from '../plugin-project.ts'
import { pluginProblems as problems } from '../problems.ts'
import type { BuildHost, Toolchain, ToolchainCall } from './toolchain.ts'

const MAX_OUTPUT_CHARS = 16_000

/**
 * Runs the toolchain of a plugin in its folder and returns the module that it made.
 *
 * @throws {ProblemError} BCN_PLUGIN_TOOLCHAIN, BCN_PLUGIN_NOT_BUILT
 */
export async function runToolchain(
  toolchain: Toolchain,
  project: PluginProject,
  host: BuildHost,
): Promise<Buffer> {
  const { title: language, install, missing } = toolchain
  const folder = await mkdtemp(join(tmpdir(), 'barbacane-plugin-'))
  try {
    const call = await toolchain.plan(project, { folder, host })
    if (call === undefined)
      throw problems.BCN_PLUGIN_TOOLCHAIN({ language, reason: 'it is not installed', install })
    const run = await runProgram(call, project.root, host)
    if (run === undefined) {
      const reason = `there is no \`${call.program}\` on the PATH`
      throw problems.BCN_PLUGIN_TOOLCHAIN({ language, reason, install })
    }
    const output = `${run.stderr}${run.code === 0 ? run.stdout : ''}`.trim()
    if (run.code !== 0 && missing.test(output)) {
      const reason = output.match(missing)?.[0] ?? ''
      throw problems.BCN_PLUGIN_TOOLCHAIN({ language, reason, install })
    }
    const path = run.code === 0 ? call.output(run.stdout) : undefined
    const module = path === undefined ? undefined : await ifFound(readFile(path))
    if (module === undefined) throw problems.BCN_PLUGIN_NOT_BUILT(failureOf(toolchain, output))
    return module
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function failureOf({ title }: Toolchain, output: string) {
  const shown = output.length > MAX_OUTPUT_CHARS ? `…${output.slice(-MAX_OUTPUT_CHARS)}` : output
  return {
    program: `The toolchain of ${title}`,
    output: shown === '' ? 'it gave no module and no reason' : shown,
  }
}

interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What a program printed; undefined where there is none of this name. */
function runProgram(
  { program, args }: ToolchainCall,
  cwd: string,
  host: BuildHost,
): Promise<Run | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...host.env },
      signal: host.signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve(undefined)
      else reject(error)
    })
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
