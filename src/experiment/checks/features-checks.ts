/** `features` against the data they are made of. */
import { countInWords } from '../../numerics/in-words';
import { LIMITS } from '../../protocol/limits';
import { fix, type FileDocument, type Finding } from '../document';
import type { Experiment } from '../schema';
import { sizeOf } from './data-checks';

/** Samples, and the features that the model sees, as far as the file alone tells them. */
export function seenSizeOf(experiment: Experiment): ReturnType<typeof sizeOf> {
  const { samples, features } = sizeOf(experiment.data);
  return { samples, features: seenFeatures(experiment, features) };
}

/** Features that the model sees of so many of the data. */
function seenFeatures({ features: map }: Experiment, features: number | null): number | null {
  if (map === undefined) return features;
  switch (map.kind) {
    case 'polynomial':
      return features === null ? null : 1 + features * map.degree;
    case 'random':
    case 'coordinates':
      return map.count;
    default:
      return map satisfies never;
  }
}

export function checkFeatures(experiment: Experiment, document: FileDocument): Finding[] {
  const { features: map, data } = experiment;
  if (map === undefined) return [];
  if (data.kind === 'entries' || data.kind === 'measurements' || data.kind === 'completion' || data.kind === 'sensing') {
    const change = document.removal('/features');
    const fixes = change === null ? [] : [fix('Remove the features', [change])];
    return [
      { code: 'meaning.features', message: 'Measurements of a matrix have no features to map.', pointer: '/features', part: 'key', fixes },
    ];
  }
  const { samples, features } = sizeOf(data);
  if (map.kind === 'coordinates' && features !== null && map.count > features) {
    const message = `${map.count} features cannot be kept: the data has ${features}.`;
    const pointer = document.find('/features/count') === null ? '/features' : '/features/count';
    const change = document.replacement('/features/count', String(features));
    return [{ code: 'meaning.features', message, pointer, fixes: change === null ? [] : [fix(`Keep all ${features}`, [change])] }];
  }
  const seen = seenFeatures(experiment, features);
  const rows = Math.max(samples ?? 0, 'testSamples' in data ? data.testSamples : 0);
  if (seen === null || (seen <= LIMITS.features && rows * seen <= LIMITS.numbers)) return [];
  const message = `${countInWords(rows)} samples × ${countInWords(seen)} mapped features are ${countInWords(rows * seen)} numbers: expected at most ${countInWords(LIMITS.numbers)}, and ${countInWords(LIMITS.features)} features.`;
  return [{ code: 'meaning.too-large', message, pointer: '/features', part: 'key' }];
}
