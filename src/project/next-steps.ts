import type { TemplateName } from './template.ts'

/** The commands that serve a new project, to be typed where `init` was run; `folder` is relative to there. */
export function nextSteps(template: TemplateName, folder: string): readonly string[] {
  const enter = folder === '' ? [] : [`cd ${quoted(folder)}`]
  if (template !== 'bookshop') {
    return [
      ...enter,
      'barbacane compile -m barbacane.yaml -o gateway.bca',
      'barbacane serve --artifact gateway.bca',
    ]
  }
  return [
    ...enter,
    'node upstream.ts 9100 &',
    'barbacane compile -m barbacane.yaml -o gateway.bca --allow-plaintext',
    'barbacane serve --artifact gateway.bca --allow-plaintext-upstream',
  ]
}

function quoted(folder: string): string {
  return /^[\w./@+-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", `'\\''`)}'`
}
