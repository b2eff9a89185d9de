import { DataError } from '../../data/dataset';
import type { Asked, Question, Told } from '../questions';

declare const self: DedicatedWorkerGlobalScope;

const open = new Map<number, { resolve(answer: string | Uint8Array): void; reject(error: Error): void }>();
let asked = 0;

/** Asks the extension host. @throws DataError where the host refuses a file */
export function ask(question: Question): Promise<string | Uint8Array> {
  const number = ++asked;
  return new Promise((resolve, reject) => {
    open.set(number, { resolve, reject });
    self.postMessage({ type: 'asked', number, question } satisfies Asked);
  });
}

/** An answer has come. */
export function told(message: Told): void {
  const waiting = open.get(message.number);
  open.delete(message.number);
  if ('answer' in message) waiting?.resolve(message.answer);
  else if ('refusal' in message) waiting?.reject(new DataError(message.refusal.code, message.refusal.pointer, message.refusal.message));
  else waiting?.reject(new Error(message.failure));
}
