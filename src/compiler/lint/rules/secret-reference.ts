import { textsOf } from '../plugin-uses.ts'
import type { Rule } from '../rule.ts'

export const secretReference: Rule = {
  id: 'secret-reference',
  severity: 'error',
  summary: 'A reference to a secret is one that this version resolves.',
  visit: {
    pluginUse: (use, { report }) => {
      for (const place of textsOf(use)) {
        const fault = faultOf(place.text)
        if (fault !== undefined) report({ at: place, ...fault })
      }
    },
  },
}

function faultOf(text: string): { readonly message: string; readonly hint: string } | undefined {
  const scheme = /(?:^|[^a-z\d+.-])(env|vault|aws-sm|gcp-sm|azure-kv|k8s):\/\//i.exec(text)?.[1]
  if (scheme === undefined) return fileFault(text)
  if (scheme !== 'env') {
    return {
      message: `Secrets of ${scheme}:// are not supported by this version`,
      hint: 'Let the platform put it in the environment or in a file: env://NAME or file:///path.',
    }
  }
  if (!text.startsWith('env://')) {
    return {
      message: 'The reference env:// stands within a longer text, where it is not resolved',
      hint: 'Put the whole text in the variable, and refer to it with env://NAME alone.',
    }
  }
  if (/^env:\/\/[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return undefined
  return {
    message: `${JSON.stringify(text.slice(0, 60))} does not name one variable of the environment`,
    hint: 'Write env:// and a name of letters, digits and underscores, and nothing after it.',
  }
}

function fileFault(text: string): { readonly message: string; readonly hint: string } | undefined {
  if (!/^file:\/\//i.test(text) || /^file:\/\/\/[^?#]+$/.test(text)) return undefined
  return {
    message: `${JSON.stringify(text.slice(0, 60))} is not the absolute path of a file`,
    hint: 'Write file:// and a path from the root: file:///run/secrets/name.',
  }
}
