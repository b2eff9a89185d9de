import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../../src/experiment/schema';
import type { FromWorker, ToWorker } from '../../../src/protocol/compute';
import type { Report } from '../../../src/protocol/report';
import { nodeEnvironment } from '../../../src/worker/environment';
import { serve } from '../../../src/worker/serve';
import { STUDY } from '../../../src/worker/study-service';
import { TWO_EQUATIONS } from '../../theory/lab';

/** Gradient descent that stops when it is told to, or after these steps. */
function descent(steps: number): string {
  const experiment: ExperimentInput = {
    data: TWO_EQUATIONS,
    model: { kind: 'linear' },
    loss: 'square',
    optimizer: { kind: 'gradient-descent', stepSize: 1e-12 },
    stop: { steps },
  };
  return JSON.stringify(experiment);
}

/** Serves one run without shared memory and sends messages as another thread would: they arrive in a later turn. */
function reportOf(text: string, onPoints: (send: (message: ToWorker) => void) => void): Promise<Report> {
  return new Promise((resolve, reject) => {
    let receive: (message: ToWorker) => void = () => undefined;
    const send = (message: ToWorker): void => void setImmediate(() => receive(message));
    const post = (message: FromWorker): void => {
      if (message.type === 'event' && message.event.type === 'points') onPoints(send);
      else if (message.type === 'answer' && message.method === 'run') resolve((message.answer as { report: Report }).report);
      else if (message.type === 'failure') reject(new Error(message.failure.message));
    };
    serve({ listen: (listener) => (receive = listener), post }, STUDY, nodeEnvironment);
    send({ type: 'call', id: 1, method: 'run', source: { text, path: null, root: null }, watched: false, cancel: null });
  });
}

describe('a worker that shares no memory', () => {
  it('hears of a cancel while it trains, and answers with the report so far', async () => {
    const { outcome, trajectory } = await reportOf(descent(1e12), (send) => send({ type: 'cancel', id: 1 }));
    assert.equal(outcome, 'cancelled');
    assert.ok(trajectory.step.length > 0);
  });

  it('goes on when another call is meant', async () => {
    const { outcome } = await reportOf(descent(2e6), (send) => send({ type: 'cancel', id: 2 }));
    assert.equal(outcome, 'stopped');
  });
});
