// The place of a yt-dlp that crate was asked to install.
import {join} from 'node:path'

/** Where crate keeps a yt-dlp that it was asked to install. */
export function ownYtDlp(dataFolder: string, platform: NodeJS.Platform = process.platform): string {
  return join(dataFolder, 'bin', platform === 'win32' ? 'yt-dlp.exe' : 'yt-dlp')
}
