import { isPinned, type Kit } from './kit.ts'
import type { TemplateName } from './template.ts'

export interface NextStepsRequest {
  /** Undefined where the project was there already. */
  readonly template: TemplateName | undefined
  readonly kit: Kit
  /** The folder of the project, relative to where `init` was run. */
  readonly folder: string
  /** The version of barbacane that has yet to be added to a `package.json` of the project's own. */
  readonly toPin: string | undefined
  readonly ignoresPackages: boolean
}

/** The commands to go on with, to be typed where `init` was run. */
export function nextSteps({
  template,
  kit,
  folder,
  toPin,
  ignoresPackages,
}: NextStepsRequest): readonly string[] {
  const enter = folder === '' ? [] : [`cd ${quoted(folder)}`]
  const install =
    toPin === undefined ? 'npm install' : `npm install --save-dev --save-exact barbacane@${toPin}`
  const pin = [...(ignoresPackages ? [] : ['echo node_modules/ >> .gitignore']), install]
  const steps = [
    ...(isPinned(kit) ? pin : []),
    ...(kit.hooks ? ['pre-commit install'] : []),
    ...(template === undefined ? [] : servingSteps(template)),
  ]
  return steps.length === 0 ? [] : [...enter, ...steps]
}

function servingSteps(template: TemplateName): readonly string[] {
  if (template !== 'bookshop') {
    return ['barbacane compile -m barbacane.yaml -o gateway.bca', 'barbacane serve --artifact gateway.bca']
  }
  return [
    'node upstream.ts 9100 &',
    'barbacane compile -m barbacane.yaml -o gateway.bca --allow-plaintext',
    'barbacane serve --artifact gateway.bca --allow-plaintext-upstream',
  ]
}

function quoted(folder: string): string {
  return /^[\w./@+-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", `'\\''`)}'`
}
