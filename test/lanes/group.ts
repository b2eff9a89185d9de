/** Processes that end together with us, children and grandchildren included, however we end. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Group {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Asks the group to end, and after `grace` milliseconds makes it. */
  end(grace?: number): Promise<Ended>;
}

const living = new Set<number>();
const IS_WINDOWS = process.platform === 'win32';

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(IS_WINDOWS ? pid : -pid, signal);
  } catch {
    // Already gone.
  }
}

let watching = false;
function endAllWithUs(): void {
  if (watching) return;
  watching = true;
  process.on('exit', () => {
    for (const pid of living) signalGroup(pid, 'SIGKILL');
  });
  const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
  for (const [signal, number] of Object.entries(numbers)) {
    process.once(signal, () => {
      for (const pid of living) signalGroup(pid, 'SIGTERM');
      // The groups below us end their own groups on SIGTERM; then nothing is left to wait for.
      setTimeout(() => process.exit(128 + number), 1500);
    });
  }
}

/** Starts a command as the leader of a process group of its own. */
export function startGroup(command: string, args: readonly string[], options: SpawnOptions = {}): Group {
  endAllWithUs();
  const child = spawn(command, args, { ...options, detached: !IS_WINDOWS });
  const { pid } = child;
  if (pid !== undefined) living.add(pid);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (pid !== undefined) {
        // The leader has gone; whoever it left behind goes too.
        signalGroup(pid, 'SIGKILL');
        living.delete(pid);
      }
      resolve({ code, signal });
    });
  });
  ended.catch(() => {}); // A failed start is reported by whoever awaits it.
  return {
    process: child,
    ended,
    async end(grace = 3000) {
      if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return ended;
      signalGroup(pid, 'SIGTERM');
      const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), grace);
      try {
        return await ended;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

export interface RunOptions extends SpawnOptions {
  /** Milliseconds after which the whole group is ended. */
  readonly deadline: number;
}

/** Runs a command to its end and gives its exit status; a signal or the deadline counts as 1. */
export async function runGroup(command: string, args: readonly string[], { deadline, ...options }: RunOptions): Promise<number> {
  const group = startGroup(command, args, { stdio: 'inherit', ...options });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void group.end();
  }, deadline);
  try {
    const { code } = await group.ended;
    if (late) console.error(`Ended after ${deadline / 1000} s without an answer: ${command} ${args.join(' ')}`);
    return late ? 1 : (code ?? 1);
  } finally {
    clearTimeout(timer);
  }
}
