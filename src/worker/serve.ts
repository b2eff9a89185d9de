import type {
  Analysis,
  ComputeFailure,
  FromWorker,
  Neighbour,
  ResolvedData,
  ResolvedRun,
  RunAnswer,
  RunEvent,
  Diagnostic,
  Source,
  ToWorker,
} from '../protocol/compute';
import type { Report } from '../protocol/report';
import { Cancelled, type Environment } from '../study/environment';
import { nextTurn } from './next-turn';

/** What a worker can do: the study, or a scripted stand-in in a test. */
export interface Service {
  /** @param draft hears what the run would answer if it were ended from outside, null where it can be asked to stop */
  run(
    source: Source,
    environment: Environment,
    emit: (event: RunEvent) => void,
    draft: (report: Report | null) => void,
  ): Promise<RunAnswer>;
  check(source: Source, environment: Environment): Promise<readonly Diagnostic[]>;
  analyse(source: Source, environment: Environment): Promise<Analysis>;
  data(source: Source, environment: Environment): Promise<ResolvedData | { readonly diagnostics: readonly Diagnostic[] }>;
  neighbours(source: Source, environment: Environment): Promise<readonly Neighbour[]>;
  resolve(source: Source, environment: Environment): Promise<ResolvedRun | { readonly diagnostics: readonly Diagnostic[] }>;
}

type Call = Extract<ToWorker, { type: 'call' }>;

export type EnvironmentFactory = (source: Source, cancel: SharedArrayBuffer | null, watched: boolean) => Environment;

/** A worker's end of the line to who started it. */
export interface ServicePort {
  listen(receive: (message: ToWorker) => void): void;
  post(message: FromWorker, transfer: ArrayBuffer[]): void;
}

/** Answers calls that arrive on the port one at a time, in their order. */
export function serve(port: ServicePort, service: Service, createEnvironment: EnvironmentFactory): void {
  let last: Promise<void> = Promise.resolve();
  /** Number of the call that a message has asked to stop. */
  let stopped = 0;
  const environmentOf = ({ id, source, cancel, watched }: Call): Environment => {
    const environment = createEnvironment(source, cancel, watched);
    return cancel === null ? { ...environment, cancelled: () => stopped === id, hearMessages: nextTurn } : environment;
  };
  port.listen((message) => {
    if (message.type === 'cancel') stopped = message.id;
    else last = last.then(() => answer(port, service, environmentOf, message));
  });
  send(port, { type: 'ready' });
}

async function answer(port: ServicePort, service: Service, environmentOf: (call: Call) => Environment, call: Call): Promise<void> {
  const { id, method, source } = call;
  try {
    const environment = environmentOf(call);
    const result =
      method === 'run'
        ? await service.run(
            source,
            environment,
            (event) => sendEvent(port, id, event),
            (report) => send(port, { type: 'draft', id, report }),
          )
        : await service[method](source, environment);
    send(port, { type: 'answer', id, method, answer: result });
  } catch (error) {
    send(port, { type: 'failure', id, failure: failureOf(error) });
  }
}

function sendEvent(port: ServicePort, id: number, event: RunEvent): void {
  if (event.type !== 'points') return send(port, { type: 'event', id, event });
  // A view on a larger buffer would take that buffer away with it.
  const values = event.values.byteLength === event.values.buffer.byteLength ? event.values : event.values.slice();
  send(port, { type: 'event', id, event: { ...event, values } }, [values.buffer as ArrayBuffer]);
}

function send(port: ServicePort, message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port.post(message, transfer);
}

function failureOf(error: unknown): ComputeFailure {
  if (error instanceof Cancelled) return { reason: 'cancelled', message: 'Cancelled.' };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  // V8 and WebAssembly have no code for an allocation that failed, only these RangeErrors.
  if (error instanceof RangeError && /allocation failed|array length|out of memory|could not grow|memory\.grow/i.test(message)) {
    return { reason: 'out-of-memory', message: `The experiment needs more memory than there is (${message}).`, stack };
  }
  return { reason: 'bug', message, stack };
}
