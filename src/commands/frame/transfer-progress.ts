import type { UploadProgress } from '../../oci/index.ts'
import { formatSize } from '../../terminal/index.ts'

const BAR_WIDTH = 24

/** Where progress is shown: a terminal gets a bar that is redrawn, everything else a line a blob. */
export interface ProgressStream {
  readonly isTTY?: boolean
  readonly write: (text: string) => unknown
}

/** Shows how an upload goes; call the result for every event. */
export function transferProgress(stream: ProgressStream): (progress: UploadProgress) => void {
  return ({ blob, sentBytes, state }) => {
    const name = blob.digest.slice('sha256:'.length, 'sha256:'.length + 12)
    if (state === 'uploading') {
      if (stream.isTTY === true) stream.write(`\r\u001b[2K${bar(sentBytes, blob.size)} ${name}`)
      return
    }
    const start = stream.isTTY === true ? '\r\u001b[2K' : ''
    stream.write(`${start}${describe[state]} ${name} (${formatSize(blob.size)})\n`)
  }
}

const describe = { uploaded: 'uploaded', present: 'already there:', mounted: 'mounted' } as const

function bar(sentBytes: number, sizeBytes: number): string {
  const share = sizeBytes === 0 ? 1 : sentBytes / sizeBytes
  const filled = Math.round(share * BAR_WIDTH)
  return `[${'#'.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}] ${Math.floor(share * 100)} %`
}
