/** Why a run has no vector of coefficients. */
import assert from 'node:assert/strict';
import type { Report } from '../../../src/protocol/report';
import { reportOf } from '../../../webview/intake';
import { noCoefficients } from '../../../webview/model-words';

function of(model: unknown): Report | null {
  return reportOf({ experiment: { model } });
}

describe('missing coefficients', () => {
  it('are explained by a model that is not linear in x', () => {
    assert.match(noCoefficients('done', of({ kind: 'network', activation: 'relu' })), /not linear in x \(a network with relu units\)/);
    assert.match(noCoefficients('done', of({ kind: 'network', activation: { kind: 'leaky-relu', slope: 0.1 } })), /leaky-relu units/);
    assert.match(
      noCoefficients('diverged', of({ kind: 'sum', terms: [{ kind: 'linear' }, { kind: 'network', activation: 'tanh' }] })),
      /\(one of its terms is a network with tanh units\)/,
    );
    assert.match(noCoefficients('done', of({ kind: 'neuron', activation: 'quadratic' })), /\(one quadratic unit\)/);
    assert.match(
      noCoefficients('done', of({ kind: 'scaled', model: { kind: 'network', activation: 'relu' } })),
      /a network with relu units/,
    );
    assert.match(noCoefficients('done', of('?')), /^This model is not linear in x, so/);
  });

  it('are not blamed on a model that is linear in x', () => {
    for (const model of [{ kind: 'linear' }, { kind: 'network', activation: 'identity' }, { kind: 'sum', terms: [{ kind: 'diagonal' }] }])
      assert.equal(noCoefficients('diverged', of(model)), 'The run has left no coefficients.');
  });

  it('are awaited while the run goes on', () => {
    assert.match(noCoefficients('running', null), /when the run has ended/);
  });
});
