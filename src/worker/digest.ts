import { createHash } from 'node:crypto';

/** SHA-256 of a text in UTF-8, hexadecimal. */
export function sha256(text: string): Promise<string> {
  return Promise.resolve(createHash('sha256').update(text, 'utf8').digest('hex'));
}
