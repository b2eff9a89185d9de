import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { getLanguageService, TextDocument } from 'vscode-json-languageservice';
import { alreadyShownByEditor } from '../../../src/extension/editor-diagnostics';
import { parseExperiment } from '../../../src/experiment/parse';

/** Codes of what is wrong with a text that are left to the editor. */
function leftToEditor(text: string, language = 'json'): readonly string[] {
  return parseExperiment(text)
    .diagnostics.map(({ code }) => code)
    .filter((code) => alreadyShownByEditor(code, language));
}

const WHOLE = '{"data":{"kind":"separable"},"model":{"kind":"linear"},"loss":"logistic","optimizer":{"kind":"gradient-flow"}}';

describe('findings that the editor shows by itself', () => {
  it('are those of broken JSON', () => {
    assert.deepEqual(leftToEditor('{ "data": }'), ['json.syntax']);
    assert.deepEqual(leftToEditor(WHOLE.replace('"logistic"', '"hinge"')), []);
    assert.deepEqual(leftToEditor(WHOLE.replace('{"data"', '{"seed":1,"seed":2,"data"')), []);
  });

  it('are none where the editor allows comments, and in plain text', () => {
    assert.deepEqual(leftToEditor('{ "data": }', 'jsonc'), []);
    assert.deepEqual(leftToEditor('{ "data": }', 'plaintext'), []);
  });

  it('are said by the editor indeed, and nothing else: no file is wrong without a word, and nothing is said twice', async () => {
    const service = getLanguageService({});
    const schema = JSON.parse(readFileSync('media/experiment.schema.json', 'utf8')) as object;
    service.configure({ validate: true, schemas: [{ uri: 'schema://experiment', fileMatch: ['*'], schema }] });
    const replaced = (from: string, to: string): string => {
      assert.ok(WHOLE.includes(from));
      return WHOLE.replace(from, to);
    };
    const wrong = [
      '',
      ' \n',
      '7',
      '[]',
      '{}',
      '{',
      '{"data":',
      `${WHOLE},`,
      replaced('"loss":"logistic",', ''),
      replaced('{"data"', '{"seed":-1,"data"'),
      replaced('{"data"', '{"seed":1.5,"data"'),
      replaced('{"data"', '{"seed":"1","data"'),
      replaced('{"data"', '{"seed":1e17,"data"'),
      replaced('{"data"', '{"title":null,"data"'),
      replaced('{"data"', '{"notes":7,"data"'),
      replaced('{"data"', '{"format":2,"data"'),
      replaced('{"data"', '{"compare":["l3"],"data"'),
      replaced('{"data"', '{"record":{"points":1},"data"'),
      replaced('{"data"', '{"stop":{"loss":0},"data"'),
      replaced('{"data"', '{"expect":{},"data"'),
      replaced('{"data"', '{"expect":{"verdict":"yes"},"data"'),
      replaced('{"kind":"separable"}', '{"kind":"separable","samples":0}'),
      replaced('{"kind":"separable"}', '{"kind":"separable","margin":-1}'),
      replaced('{"kind":"separable"}', '{"kind":"moon"}'),
      replaced('{"kind":"separable"}', '{}'),
      replaced('{"kind":"separable"}', '{"kind":"inline"}'),
      replaced('{"kind":"separable"}', '{"kind":"inline","x":[],"y":[]}'),
      replaced('{"kind":"separable"}', '{"kind":"inline","x":[["a"]],"y":[1]}'),
      replaced('{"kind":"separable"}', '{"kind":"inline","x":[1],"y":[1]}'),
      replaced('{"kind":"separable"}', '{"kind":"inline","x":[[1]],"y":1}'),
      replaced('{"kind":"separable"}', '{"kind":"csv","path":"","target":"y"}'),
      replaced('{"kind":"separable"}', '{"kind":"csv","path":"a.csv","target":-1}'),
      replaced('"linear"', '"diagonal","depth":1'),
      replaced('"linear"', '"diagonal","depth":33'),
      replaced('"linear"', 'null'),
      replaced('"logistic"', '"hinge"'),
      replaced('"logistic"', '{"kind":"logistic","reduction":"max"}'),
      replaced('"gradient-flow"', '"gradient-flow","tolerance":1'),
      replaced('"gradient-flow"', '"gradient-descent","momentum":1'),
      replaced('"gradient-flow"', '"gradient-descent","stepSize":0'),
      replaced('"gradient-flow"', '"sgd","batchSize":0'),
      replaced('"gradient-flow"', '"adagrad"'),
      replaced('{"data"', '{"init":{"kind":"constant","scale":-1},"data"'),
      replaced('{"data"', '{"init":{"kind":"explicit","parameters":[]},"data"'),
    ];
    for (const text of wrong) {
      const { diagnostics } = parseExperiment(text);
      assert.ok(diagnostics.length > 0, `not wrong: ${text}`);
      const left = leftToEditor(text);
      const document = TextDocument.create('file:///a.bias.json', 'json', 1, text);
      const said = await service.doValidation(document, service.parseJSONDocument(document));
      assert.equal(said.length > 0, left.length > 0, `${text}: ${said.map(({ message }) => message).join('; ')}`);
    }
  });

  it('leave a missing key to the lab, which reports it at the object that lacks it and not over the whole file', () => {
    const { diagnostics } = parseExperiment(WHOLE.replace('"loss":"logistic",', ''));
    assert.deepEqual(
      diagnostics.map(({ code, offset, length }) => ({ code, offset, length })),
      [{ code: 'shape.missing', offset: 0, length: 1 }],
    );
  });
});
