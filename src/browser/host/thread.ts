/** Compute workers where the extension host is a web worker itself: web workers from a script that the editor's file system reads. */
import * as vscode from 'vscode';
import { DataError } from '../../data/dataset';
import type * as Node from '../../worker/thread';
import type { Asked, FromBrowserWorker, Question, Told } from '../questions';
import { confinedFiles } from './files';

/** Pages share memory only where they are isolated from other origins, which an editor on the web is on request. */
export const sharedFlag: typeof Node.sharedFlag = () => (crossOriginIsolated ? new SharedArrayBuffer(4) : null);

export const crashOf: typeof Node.crashOf = (error) => ({
  reason: 'crashed',
  message: `The compute worker crashed: ${error instanceof Error ? error.message : String(error)}`,
  stack: error instanceof Error ? error.stack : undefined,
});

/** A browser gives a page as much memory as it gives: limits have no effect. */
export const startThread: typeof Node.startThread = ({ workerPath }, { onMessage, onFailure }) => {
  const bundle = vscode.Uri.parse(workerPath);
  let ended = false;
  const starting = scriptOf(bundle).then((script) => {
    if (ended) return null;
    const worker = new Worker(script, { name: 'Implicit Bias Lab' });
    worker.addEventListener('message', ({ data }: MessageEvent<FromBrowserWorker>) => {
      if (data.type !== 'asked') return onMessage(data);
      void reply(data, bundle).then((told) => {
        if (!ended) worker.postMessage(told);
      });
    });
    worker.addEventListener('messageerror', () =>
      onFailure({ reason: 'crashed', message: 'An answer of the compute worker could not be read.' }),
    );
    worker.addEventListener('error', (event) => onFailure(crashOf(event.error ?? event.message)));
    return worker;
  });
  starting.catch((error: unknown) => onFailure(crashOf(error)));
  return {
    post: (message) => void starting.then((worker) => worker?.postMessage(message)).catch((error: unknown) => onFailure(crashOf(error))),
    busy: () => undefined,
    end: async () => {
      ended = true;
      (await starting.catch(() => null))?.terminate();
    },
  };
};

const scripts = new Map<string, Promise<string>>();

/** The address of the worker's script, read once; a failed reading is tried again. */
function scriptOf(bundle: vscode.Uri): Promise<string> {
  const key = bundle.toString();
  const known = scripts.get(key);
  if (known) return known;
  // A worker may only be started from its own origin, and the extension lies at another.
  const script = Promise.resolve(vscode.workspace.fs.readFile(bundle)).then((bytes) =>
    URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'text/javascript' })),
  );
  scripts.set(key, script);
  script.catch(() => scripts.delete(key));
  return script;
}

async function reply({ number, question }: Asked, bundle: vscode.Uri): Promise<Told> {
  try {
    return { type: 'told', number, answer: await answer(question, bundle) };
  } catch (error) {
    if (error instanceof DataError)
      return { type: 'told', number, refusal: { code: error.code, pointer: error.pointer, message: error.message } };
    return { type: 'told', number, failure: error instanceof Error ? error.message : String(error) };
  }
}

async function answer(question: Question, bundle: vscode.Uri): Promise<string | Uint8Array> {
  switch (question.what) {
    case 'text':
      return confinedFiles(question.source).readText(question.path);
    case 'asset':
      return vscode.workspace.fs.readFile(vscode.Uri.joinPath(bundle, '..', '..', question.name));
    default:
      return question satisfies never;
  }
}
