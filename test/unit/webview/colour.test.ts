/** Colours of lines: what themes give, against what they are drawn upon. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { contrast, GRAPHICS_CONTRAST, HIGH_CONTRAST, legibleLine, paletteOf } from '../../../webview/colour';
import { THEMES } from '../../ui/page/themes';

describe('colours of lines', () => {
  it('measure contrast as WCAG 2.2 does', () => {
    // Published pairs: black on white, the grey #767676 that just reaches 4.5 on white, and a colour on itself.
    assert.equal(contrast('#000', '#ffffff'), 21);
    assert.equal(contrast('#767676', '#fff')?.toFixed(2), '4.54');
    assert.equal(contrast('rgb(118, 118, 118)', '#767676'), 1);
    assert.equal(contrast('hotpink', '#fff'), null);
  });

  for (const { name, variables } of THEMES)
    it(`stand out in ${name}`, () => {
      const [background, foreground] = [variables['editor-background'], variables['foreground']];
      for (const colour of ['blue', 'orange', 'green', 'purple', 'red', 'yellow']) {
        const given = variables[`charts-${colour}`];
        // The same as a veil, the way find matches are coloured in the editor.
        for (const one of [given, `${given}55`]) {
          const line = legibleLine(one, background, foreground);
          assert.ok((contrast(line, background) ?? 0) >= GRAPHICS_CONTRAST, `${colour} ${one} becomes ${line}`);
        }
      }
    });

  for (const { name, variables } of THEMES)
    it(`are seven that differ in ${name}, as legible as text where contrast is high`, () => {
      const [background, foreground] = [variables['editor-background'], variables['foreground']];
      const least = name.startsWith('hc') ? HIGH_CONTRAST : GRAPHICS_CONTRAST;
      const colours = ['blue', 'orange', 'green', 'purple', 'red', 'yellow'].map((colour) => variables[`charts-${colour}`]);
      const palette = paletteOf(colours, background, foreground, least);
      assert.equal(new Set(palette).size, 7, palette.join(' '));
      assert.equal(palette.length, 7);
      for (const line of palette) assert.ok((contrast(line, background) ?? 0) >= least, line);
    });

  it('stay as they are where the theme has chosen well', () => {
    assert.equal(legibleLine('#59A4F9', '#1F1F1F', '#CCCCCC'), '#59a4f9');
    assert.equal(legibleLine('hotpink', '#1F1F1F', '#CCCCCC'), 'hotpink');
  });

  it('lose their veil: the orange of find matches is a full orange', () => {
    assert.equal(legibleLine('#EA5C0055', '#1F1F1F', '#CCCCCC'), '#ea5c00');
    assert.equal(legibleLine('rgba(234, 92, 0, 0.33)', '#FFFFFF', '#3B3B3B'), '#ea5c00');
  });

  it('are legible in any theme whose text is', () => {
    const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(colour, colour, colour, (line, background, foreground) => {
        fc.pre((contrast(foreground, background) ?? 0) >= GRAPHICS_CONTRAST);
        assert.ok((contrast(legibleLine(line, background, foreground), background) ?? 0) >= GRAPHICS_CONTRAST);
      }),
    );
  });
});
