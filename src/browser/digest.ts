import type * as Node from '../worker/digest';

/** SHA-256 of a text in UTF-8, hexadecimal. */
export const sha256: typeof Node.sha256 = async (text) => {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
};
