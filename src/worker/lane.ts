import type { AnswerOf, ComputeFailure, FromWorker, Method, RunEvent, Source, ToWorker } from '../protocol/compute';
import type { Report } from '../protocol/report';
import { ComputeError } from './compute-error';
import { crashOf, sharedFlag, startThread, type Thread, type ThreadOptions } from './thread';

/** Time that a cancelled call has to end by itself before its worker is ended. The caller hears within 200 ms. */
export const CANCEL_GRACE = 100;

export interface LaneOptions extends ThreadOptions {
  readonly idleMilliseconds: number;
  /** Workers at most. */
  readonly size: number;
}

/** What a caller hears while its call is under way. */
export interface CallListeners {
  readonly onEvent?: (event: RunEvent) => void;
  /** True when all workers are busy with other calls, false as soon as one takes this call up; never called when one is free at once. */
  readonly onWait?: (waits: boolean) => void;
  /** Asks a run for its figures on the way. */
  readonly watched?: boolean;
}

interface Call extends CallListeners {
  readonly method: Method;
  readonly source: Source;
  /** Null where memory cannot be shared: there a message asks the worker to stop. */
  readonly cancel: Int32Array | null;
  waits: boolean;
  /** What a run answers when its worker is ended because of its cancelling. */
  draft: Report | null;
  /** Settles the caller's promise; the first use counts, later ones do nothing. */
  resolve(answer: AnswerOf<Method>): void;
  reject(failure: ComputeFailure): void;
}

/** A queue with a few workers behind it, which are started when there is work and ended when there is none. */
export class WorkerLane {
  private readonly queue: Call[] = [];
  private readonly workers = new Set<LaneWorker>();
  private readonly endings = new Set<Promise<unknown>>();

  constructor(private readonly options: LaneOptions) {}

  call(method: Method, source: Source, listeners: CallListeners = {}, signal?: AbortSignal): Promise<AnswerOf<Method>> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new ComputeError(CANCELLED));
      const abort = (): void => this.cancel(call);
      const flag = sharedFlag();
      const call: Call = {
        method,
        source,
        cancel: flag && new Int32Array(flag),
        onEvent: listeners.onEvent,
        onWait: listeners.onWait,
        watched: listeners.watched,
        waits: false,
        draft: null,
        resolve: (answer) => {
          signal?.removeEventListener('abort', abort);
          resolve(answer);
        },
        reject: (failure) => {
          signal?.removeEventListener('abort', abort);
          reject(new ComputeError(failure));
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.queue.push(call);
      this.pump();
      if (!this.queue.includes(call)) return;
      call.waits = true;
      call.onWait?.(true);
    });
  }

  /** Starts a worker where none is free, so that the next call finds its program loaded. */
  warm(): void {
    if ([...this.workers].some(({ call }) => call === null)) return;
    try {
      this.start()?.rest();
    } catch {
      // No thread can be had now: the next call tries again, and tells who asked.
    }
  }

  async dispose(): Promise<void> {
    for (const call of this.queue.splice(0)) call.reject(CANCELLED);
    for (const worker of this.workers) worker.end(CANCELLED);
    await Promise.all(this.endings);
  }

  private cancel(call: Call): void {
    const waiting = this.queue.indexOf(call);
    if (waiting >= 0) {
      this.queue.splice(waiting, 1);
      call.reject(CANCELLED);
      return;
    }
    for (const worker of this.workers) if (worker.call === call) worker.stop();
  }

  private pump(): void {
    while (this.queue.length > 0) {
      let worker: LaneWorker | null;
      try {
        worker = [...this.workers].find(({ call }) => call === null) ?? this.start();
      } catch (error) {
        // No thread can be had: this call fails, the next one tries again.
        this.queue.shift()?.reject(crashOf(error));
        continue;
      }
      if (worker === null) return;
      const call = this.queue.shift() as Call;
      worker.begin(call);
      if (call.waits) call.onWait?.(false);
    }
  }

  private start(): LaneWorker | null {
    if (this.workers.size >= this.options.size) return null;
    const worker = new LaneWorker(
      this.options,
      () => this.pump(),
      (ended) => {
        this.workers.delete(worker);
        this.endings.add(ended);
        void ended.finally(() => this.endings.delete(ended));
        this.pump();
      },
    );
    this.workers.add(worker);
    return worker;
  }
}

const CANCELLED: ComputeFailure = { reason: 'cancelled', message: 'Cancelled.' };

/** One worker and the call that it works on. */
class LaneWorker {
  call: Call | null = null;
  private id = 0;
  private ended = false;
  private readonly thread: Thread;
  private grace: ReturnType<typeof setTimeout> | undefined;
  private idle: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param onFree called when the worker can take the next call
   * @param onEnd called once, when the worker takes no more calls; the promise resolves when its thread is gone
   */
  constructor(
    private readonly options: LaneOptions,
    private readonly onFree: () => void,
    private readonly onEnd: (ended: Promise<unknown>) => void,
  ) {
    this.thread = startThread(options, {
      onMessage: (message) => this.receive(message),
      onFailure: (failure) => this.end(failure),
    });
  }

  begin(call: Call): void {
    clearTimeout(this.idle);
    this.call = call;
    this.id += 1;
    this.thread.busy(true);
    const message: ToWorker = {
      type: 'call',
      id: this.id,
      method: call.method,
      source: call.source,
      watched: call.watched === true,
      cancel: call.cancel && (call.cancel.buffer as SharedArrayBuffer),
    };
    this.thread.post(message);
  }

  /** Has no work: ends itself unless a call comes in time. */
  rest(): void {
    this.idle = setTimeout(() => this.end(CANCELLED), this.options.idleMilliseconds);
    // Node's timers keep the process alive unless told not to; those of a browser are numbers.
    if (typeof this.idle === 'object') this.idle.unref();
  }

  /** Asks the call to stop: it may still answer for a moment. */
  stop(): void {
    const flag = this.call?.cancel ?? null;
    if (flag === null) this.thread.post({ type: 'cancel', id: this.id });
    else Atomics.store(flag, 0, 1);
    this.grace ??= setTimeout(() => this.endCancelled(), CANCEL_GRACE);
  }

  /** Ends the thread of a call that has not answered; what a run had come to is its answer. */
  private endCancelled(): void {
    const draft = this.call?.draft ?? null;
    if (draft !== null) this.call?.resolve({ type: 'report', report: draft });
    this.end(CANCELLED);
  }

  /** Ends the thread; a call in flight is rejected at once, without waiting for the thread. */
  end(failure: ComputeFailure): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.grace);
    clearTimeout(this.idle);
    const { call } = this;
    this.call = null;
    call?.reject(failure);
    this.onEnd(this.thread.end());
  }

  private receive(message: FromWorker): void {
    // Messages of an ended worker may still be in the queue, and the number tells those of an earlier call.
    if (this.ended || message.type === 'ready' || message.id !== this.id || this.call === null) return;
    switch (message.type) {
      case 'event':
        this.call.onEvent?.(message.event);
        return;
      case 'draft':
        this.call.draft = message.report;
        return;
      case 'answer': {
        const { call } = this;
        this.free();
        call.resolve(message.answer);
        return;
      }
      case 'failure': {
        const { call } = this;
        // After running out of memory a heap is in no state to be trusted with the next call.
        if (message.failure.reason === 'out-of-memory') return this.end(message.failure);
        this.free();
        call.reject(message.failure);
        return;
      }
      default:
        message satisfies never;
    }
  }

  private free(): void {
    clearTimeout(this.grace);
    this.grace = undefined;
    this.call = null;
    this.thread.busy(false);
    this.rest();
    this.onFree();
  }
}
